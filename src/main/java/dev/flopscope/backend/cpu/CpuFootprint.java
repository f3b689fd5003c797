package dev.flopscope.backend.cpu;

import dev.flopscope.backend.Footprint;
import dev.flopscope.backend.cpu.onednn.PackingLoader;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Engine;
import dev.flopscope.config.Phase;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;

/**
 * What this backend takes of memory, in bytes, worked out without allocating anything: what its tensors take beyond their
 * elements, and what is no tensor.
 *
 * <p>Sizes of objects in Java's heap were measured as peaks of whole processes with the options of {@code scripts/flopscope},
 * whose young generation is small. By other collectors a heap grows to several times what lives in it.
 *
 * @param engine which library multiplies
 * @param threads worker threads
 * @param smallHeap whether Java was started with a small young generation
 */
public record CpuFootprint(Engine engine, int threads, boolean smallHeap) implements Footprint {
    private static final long FLOAT = Float.BYTES;
    private static final long MIB = 1L << 20;

    /** Java, its classes and compiled code, and the native libraries, in a pass. */
    private static final long PROCESS_ONEDNN = 207 * MIB;

    private static final long LOADING_ONEDNN = 172 * MIB;

    private static final long PROCESS_OPENBLAS = 158 * MIB;
    /** What the default collector's young generation adds to that. */
    private static final long YOUNG_GENERATION = 128 * MIB;

    private static final long LARGEST_SMALL_EDEN = 64 * MIB;
    /** By how much a heap of the default collector grows beyond what lives in it. */
    private static final long OTHER_HEAPS = 3;

    /** An ND4J array with its buffer, and the pointers and entries that free it. */
    private static final long ARRAY = 1_800;

    private static final long TABLE = 2_700;
    private static final long PACKED_WEIGHT = 2_400;
    /** Alignment, and what malloc keeps beside a block. */
    private static final long ALLOCATION = 80;

    /** Rows and columns of the blocks of packed weights. */
    private static final long BLOCK_ROWS = 16;

    private static final long PANEL = 64;
    private static final long QUERY_TILE = 200;
    private static final long KEY_HEAD = 190;
    private static final long KEY_TILE = 130;
    private static final long WHOLE_HEAD = 320;

    /** Code for the shapes that a chunk or a decoded token has and no other; the library keeps so many, and drops others for them. */
    private static final long CODE_OF_A_CHUNK = 3 * MIB;

    private static final long MOST_CODE = 16;
    private static final long CODE_OF_EXPERTS = 20 * MIB;
    /** Columns of what ND4J's products were measured to take for each row beside their result and the keys' width. */
    private static final long BLAS_COLUMNS = 315;

    /** For runs of this process. */
    public static CpuFootprint of(Engine engine, int threads) {
        boolean small = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().contains("Eden"))
                .mapToLong(pool -> pool.getUsage().getMax())
                .anyMatch(most -> most > 0 && most <= LARGEST_SMALL_EDEN);
        return new CpuFootprint(engine, threads, small);
    }

    @Override
    public long process() {
        return (engine == Engine.ONEDNN ? PROCESS_ONEDNN : PROCESS_OPENBLAS) + youngGeneration();
    }

    @Override
    public long loadingProcess() {
        return (engine == Engine.ONEDNN ? LOADING_ONEDNN : PROCESS_OPENBLAS) + youngGeneration();
    }

    private long youngGeneration() {
        return smallHeap ? 0 : YOUNG_GENERATION;
    }

    /** What {@code bytes} of objects in Java's heap let it grow by. */
    @Override
    public long heap(long bytes) {
        return smallHeap ? bytes : Math.multiplyExact(OTHER_HEAPS, bytes);
    }

    @Override
    public long table(long rows, long columns) {
        return Math.addExact(elements(rows, columns), heap(TABLE) + ALLOCATION);
    }

    /** A weight as it is kept: oneDNN fills it up to whole blocks. */
    @Override
    public long weight(long rows, long columns) {
        if (engine == Engine.OPENBLAS) {
            return table(rows, columns);
        }
        return Math.addExact(
                elements(roundedUp(rows, PANEL), roundedUp(columns, BLOCK_ROWS)), heap(PACKED_WEIGHT) + ALLOCATION);
    }

    /**
     * What a weight is filled in before it is packed, which is kept until all weights are made: one for each shape. There is none
     * where the library's layout is one of panels.
     */
    @Override
    public long packing(long rows, long columns) {
        return engine == Engine.OPENBLAS || PackingLoader.hasPanels() ? 0 : elements(rows, columns);
    }

    /** As many rows for each thread as a panel is wide. */
    @Override
    public long gatheredRows(long columns) {
        return engine == Engine.ONEDNN && PackingLoader.hasPanels()
                ? Math.multiplyExact(threads, elements(PANEL, columns))
                : 0;
    }

    private static long roundedUp(long value, long multiple) {
        return Math.multiplyExact((value + multiple - 1) / multiple, multiple);
    }

    private static long elements(long rows, long columns) {
        return Math.multiplyExact(FLOAT, Math.multiplyExact(rows, columns));
    }

    @Override
    public long objects(long weights, long tables) {
        long weight = engine == Engine.ONEDNN ? PACKED_WEIGHT : TABLE;
        return heap(Math.addExact(Math.multiplyExact(weight, weights), Math.multiplyExact(TABLE, tables)));
    }

    /** Tiles of scores for every thread. */
    @Override
    public long scratch(Attention attention, Collection<AttentionConfig> heads, List<Phase> phases) {
        long queries = Footprint.most(phases, Phase::queries);
        long positions = Footprint.most(phases, Phase::end);
        boolean oneQuery =
                phases.stream().anyMatch(phase -> phase.queries() == 1 || phase.tokens() % phase.queries() == 1);
        return heads.stream()
                .mapToLong(each -> scratch(attention, each, queries, positions, oneQuery))
                .max()
                .orElse(0);
    }

    @Override
    public long views(Attention attention, Collection<AttentionConfig> heads, List<Phase> phases) {
        long queries = Footprint.most(phases, Phase::queries);
        long positions = Footprint.most(phases, Phase::end);
        return heads.stream()
                .mapToLong(each -> views(attention, each, phases.get(0).batch(), queries, positions))
                .max()
                .orElse(0);
    }

    /** Generated code for each shape, or buffers. */
    @Override
    public long library(List<Phase> phases, long keyWidth, boolean experts) {
        if (engine == Engine.OPENBLAS) {
            long rows = Math.multiplyExact(phases.get(0).batch(), Footprint.most(phases, Phase::queries));
            return Math.multiplyExact(FLOAT, Math.multiplyExact(rows, keyWidth + BLAS_COLUMNS));
        }
        long chunks =
                Math.min(MOST_CODE, phases.stream().mapToLong(Phase::steps).sum() - 1);
        return chunks * CODE_OF_A_CHUNK + (experts ? CODE_OF_EXPERTS : 0);
    }

    private long views(Attention attention, AttentionConfig heads, long batch, long queries, long positions) {
        long array = engine == Engine.OPENBLAS ? ARRAY : 0;
        long queryHeads = Math.multiplyExact(batch, heads.numHeads());
        long keyHeads = Math.multiplyExact(batch, heads.numKvHeads());
        if (attention.algorithm() == Algorithm.FULL) {
            return heap(Math.multiplyExact(queryHeads, WHOLE_HEAD + 4 * array));
        }
        long queryTiles = tiles(queries, attention.queryTile((int) queries));
        long keyTiles = tiles(positions, attention.keyTile((int) positions));
        return heap(Math.addExact(
                Math.multiplyExact(queryHeads, Math.multiplyExact(queryTiles, QUERY_TILE + array)),
                Math.multiplyExact(keyHeads, KEY_HEAD + Math.multiplyExact(keyTiles, KEY_TILE + 2 * array))));
    }

    private static long tiles(long extent, long tile) {
        return (extent + tile - 1) / tile;
    }

    private long scratch(Attention attention, AttentionConfig heads, long queries, long positions, boolean oneQuery) {
        long several = attention.algorithm() == Algorithm.FULL
                ? 0
                : workspace(attention.queryTile((int) queries), attention.keyTile((int) positions), heads.valueDim());
        long seen = Math.min(positions, heads.window().orElse(Integer.MAX_VALUE));
        long one = oneQuery ? workspace(heads.headsPerKeyValue(), seen, heads.valueDim()) : 0;
        return Math.multiplyExact(threads, Math.addExact(several, one));
    }

    /** Scores, their weights, weighted values and their sums, and some rows. */
    private static long workspace(long rows, long columns, long valueDim) {
        return Math.addExact(
                Math.multiplyExact(2, elements(rows, columns)),
                Math.addExact(Math.multiplyExact(2, elements(rows, valueDim)), elements(4, rows + columns)));
    }
}
