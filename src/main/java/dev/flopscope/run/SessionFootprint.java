package dev.flopscope.run;

import dev.flopscope.backend.Footprint;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.RunSpec;
import dev.flopscope.flops.MemoryAccount;
import dev.flopscope.flops.ParameterAccount;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.weights.ParameterShapes;
import dev.flopscope.weights.ParameterShapes.Shape;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What a session takes of memory, worked out from what it allocates: tensors of parameters by shape, activations and caches by
 * their closed forms, and what the backend and the ledgers make beside them.
 *
 * <p>The most is resident either while weights are made, when those that are packed exist twice for each shape, or in a pass; or
 * while ceilings are measured, when there is no session.
 *
 * @param backend what the backend takes
 * @param shapes all tensors of parameters
 * @param spec the run
 * @param phases its phases
 */
record SessionFootprint(Footprint backend, ParameterShapes shapes, RunSpec spec, List<Phase> phases) {
    private static final long FLOAT_BYTES = 4;
    /** A site's shape, calls and spans, in closed forms and in tallies; measured over 20,000 layers that share weights. */
    private static final long SITE_BYTES = 860;
    /** What one more chunk or decoded token adds to the two sites of a layer whose shapes grow with the position. */
    private static final long STEP_BYTES = 200;
    /** Ids of the prompt, as they are drawn, kept and embedded. */
    private static final long TOKEN_BYTES = 16;

    /**
     * The estimate.
     *
     * @param ceilingBytes what is allocated while ceilings are measured, 0 if they are not
     * @throws ArithmeticException if a size exceeds 2⁶³−1
     */
    MemoryEstimate estimate(long ceilingBytes) {
        ModelConfig model = spec.model();
        MemoryAccount account = MemoryAccount.of(model, ParameterAccount.of(model), phases, spec.attention());
        long weights = Math.addExact(
                sum(shapes.matrices(), shape -> backend.weight(shape.rows(), shape.columns())),
                sum(shapes.tables(), shape -> backend.table(shape.rows(), shape.columns())));
        long packing = shapes.matrices().keySet().stream()
                .mapToLong(shape -> backend.packing(shape.rows(), shape.columns()))
                .reduce(gatheredRows(), Math::addExact);
        boolean cached = phases.size() > 1 || phases.get(0).steps() > 1;
        long cache = cached ? account.kvCacheBytes() : 0;
        List<AttentionConfig> heads = heads();
        long kept = kept(heads);
        long process = backend.process();
        BigInteger pass = sum(account.activationsBytes(), cache, unmanaged(heads), kept, process);
        BigInteger loading = sum(packing, backend.loadingProcess());
        BigInteger ceilings = sum(ceilingBytes, process).subtract(BigInteger.valueOf(weights));
        BigInteger more = pass.max(loading).max(ceilings);
        return new MemoryEstimate(
                weights,
                account.activationsBytes(),
                cache,
                more.subtract(sum(account.activationsBytes(), cache)),
                sum(objects(), kept));
    }

    private long gatheredRows() {
        return shapes.matrices().keySet().stream()
                .mapToLong(Shape::columns)
                .distinct()
                .map(backend::gatheredRows)
                .reduce(0, Math::addExact);
    }

    private List<AttentionConfig> heads() {
        return spec.model().layersByBlock().keySet().stream()
                .map(BlockConfig::attention)
                .distinct()
                .toList();
    }

    /** Objects in Java's heap that go with tensors of parameters; they are among the weights. */
    private long objects() {
        return backend.objects(number(shapes.matrices()), number(shapes.tables()));
    }

    private static long number(Map<Shape, Long> tensors) {
        return tensors.values().stream().reduce(0L, Math::addExact);
    }

    private static long sum(Map<Shape, Long> tensors, ToLongFunction<Shape> bytes) {
        return tensors.entrySet().stream()
                .mapToLong(entry -> Math.multiplyExact(entry.getValue(), bytes.applyAsLong(entry.getKey())))
                .reduce(0, Math::addExact);
    }

    private static BigInteger sum(long... bytes) {
        BigInteger sum = BigInteger.ZERO;
        for (long part : bytes) {
            sum = sum.add(BigInteger.valueOf(part));
        }
        return sum;
    }

    /** What a pass takes outside Java's heap beside tensors. */
    private long unmanaged(List<AttentionConfig> heads) {
        long keyWidth =
                heads.stream().mapToLong(AttentionConfig::keyWidth).max().orElse(0);
        boolean experts = spec.model().layersByBlock().keySet().stream()
                .anyMatch(block -> block.feedForward() instanceof FeedForwardConfig.Experts);
        return Math.addExact(
                backend.scratch(spec.attention(), heads, phases), backend.library(phases, keyWidth, experts));
    }

    /** What a pass keeps in Java's heap: views of operands, tables of angles, ids, and the ledgers of all sites. */
    private long kept(List<AttentionConfig> heads) {
        long positions = phases.get(phases.size() - 1).end();
        long rotary = heads.stream()
                .mapToLong(each ->
                        each.rotary().isEmpty() ? 0 : Math.multiplyExact(positions, FLOAT_BYTES * each.headDim()))
                .sum();
        long ids = Math.multiplyExact(TOKEN_BYTES, Math.multiplyExact(positions, spec.batch()));
        return Math.addExact(
                backend.views(spec.attention(), heads, phases),
                backend.heap(Math.addExact(Math.addExact(rotary, ids), ledgers())));
    }

    private long ledgers() {
        ModelConfig model = spec.model();
        Phase token = new Phase(Phase.Name.PREFILL, 1, 0, 1, 1, phases.get(0).logits());
        long sites = PhaseAccount.of(model, token, spec.attention()).layers().stream()
                .mapToLong(List::size)
                .sum();
        long steps = phases.stream().mapToLong(Phase::steps).sum();
        return Math.addExact(
                Math.multiplyExact(SITE_BYTES, sites),
                Math.multiplyExact(STEP_BYTES, Math.multiplyExact(steps - 1, model.numLayers())));
    }
}
