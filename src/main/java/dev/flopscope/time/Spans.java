package dev.flopscope.time;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The spans of one thread, as numbers: a span takes 28 bytes and keeps no object of its own but, once in some thousands, the
 * next arrays. For that thread alone, and between passes for whoever reads.
 */
final class Spans {
    /** What an operator has in the place of a product's shape. */
    private static final Extents NO_SHAPE = new Extents(new MatmulShape(0, 0, 0), 0);

    /** The widest first where several begin at once; of equals, the one told last, which holds the others. */
    private static final Comparator<Enclosure> OUTER_FIRST = Comparator.comparingLong(Enclosure::start)
            .thenComparing(Comparator.comparingLong(Enclosure::end).reversed())
            .thenComparing(Comparator.comparingInt(Enclosure::told).reversed());

    private final String thread;
    private final List<Block> blocks = new ArrayList<>();
    private final List<Enclosure> enclosures = new ArrayList<>();
    /** One instance of each shape and site, so that those of single products can be forgotten. */
    private final Map<Extents, Extents> shapes = new HashMap<>();

    private final Map<MatmulSite, MatmulSite> sites = new HashMap<>();

    private int kept;
    private long leftOut;

    /** The shape of each product of a batch, and how many they are. */
    private record Extents(MatmulShape shape, long batch) {}

    /** A scope: there are a few a layer, so that objects do no harm. */
    private record Enclosure(Scope scope, int layer, long start, long end, int told) {}

    /** Arrays of some spans, filled up to a mark. */
    private static final class Block {
        private final long[] starts;
        private final long[] ends;
        private final int[] layers;
        /** The sites of products, and operators. */
        private final Object[] works;

        private final Extents[] shapes;
        private int size;

        Block(int capacity) {
            starts = new long[capacity];
            ends = new long[capacity];
            layers = new int[capacity];
            works = new Object[capacity];
            shapes = new Extents[capacity];
        }
    }

    Spans(String thread) {
        this.thread = thread;
    }

    String thread() {
        return thread;
    }

    /** Products and operators that are kept. */
    int kept() {
        return kept;
    }

    /** Products and operators that the budget had no place for. */
    long leftOut() {
        return leftOut;
    }

    boolean isEmpty() {
        return kept == 0 && leftOut == 0 && enclosures.isEmpty();
    }

    void product(MatmulSite site, MatmulShape shape, long batch, long start, long end, SpanBudget budget) {
        add(known(site, sites), site.layer(), known(new Extents(shape, batch), shapes), start, end, budget);
    }

    private static <T> T known(T value, Map<T, T> instances) {
        T known = instances.putIfAbsent(value, value);
        return known == null ? value : known;
    }

    void operator(Operator operator, int layer, long start, long end, SpanBudget budget) {
        add(operator, layer, NO_SHAPE, start, end, budget);
    }

    void scope(Scope scope, int layer, long start, long end) {
        enclosures.add(new Enclosure(scope, layer, start, end, enclosures.size()));
    }

    private void add(Object work, int layer, Extents shape, long start, long end, SpanBudget budget) {
        Block block = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
        if (block == null || block.size == block.starts.length) {
            int capacity = budget.take();
            if (capacity == 0) {
                leftOut++;
                return;
            }
            block = new Block(capacity);
            blocks.add(block);
        }
        int at = block.size++;
        block.starts[at] = start;
        block.ends[at] = end;
        block.works[at] = work;
        block.layers[at] = layer;
        block.shapes[at] = shape;
        kept++;
    }

    /** Tells everything in the order in which it began, what holds before what is held. */
    void replay(Timeline timeline) {
        List<Enclosure> outer = new ArrayList<>(enclosures);
        outer.sort(OUTER_FIRST);
        int told = 0;
        for (Block block : blocks) {
            for (int at = 0; at < block.size; at++) {
                while (told < outer.size() && outer.get(told).start() <= block.starts[at]) {
                    tell(outer.get(told++), timeline);
                }
                tell(block, at, timeline);
            }
        }
        outer.subList(told, outer.size()).forEach(enclosure -> tell(enclosure, timeline));
    }

    private static void tell(Enclosure enclosure, Timeline timeline) {
        timeline.enclosed(enclosure.scope(), enclosure.layer(), enclosure.start(), enclosure.end());
    }

    private static void tell(Block block, int at, Timeline timeline) {
        int layer = block.layers[at];
        if (block.works[at] instanceof Operator operator) {
            timeline.operated(operator, layer, block.starts[at], block.ends[at]);
        } else {
            Extents extents = block.shapes[at];
            timeline.multiplied(
                    (MatmulSite) block.works[at], extents.shape(), extents.batch(), block.starts[at], block.ends[at]);
        }
    }
}
