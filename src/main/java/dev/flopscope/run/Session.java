package dev.flopscope.run;

import dev.flopscope.audit.SizeCheck;
import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.checkpoint.Checkpoint;
import dev.flopscope.config.Phase;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.ParameterAccount;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.forward.KvCache;
import dev.flopscope.forward.Transformer;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.machine.MemoryStatus;
import dev.flopscope.observe.ProvenProducts;
import dev.flopscope.observe.SummedWeights;
import dev.flopscope.run.ProgressListener.Activity;
import dev.flopscope.weights.CheckpointWeights;
import dev.flopscope.weights.ModelWeights;
import dev.flopscope.weights.SeededInitializer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;

/**
 * A model with its weights in memory, on a backend, in which runs of it are measured one after the other. Closing it frees
 * all native memory.
 */
final class Session implements AutoCloseable {
    private static final int PREDICTIONS = 5;

    private final Instruments instruments;
    private final Backend backend;
    private final Allocator memory;
    private final ModelWeights weights;
    private final Optional<SummedWeights> sums;
    private final long openingNanoseconds;
    private final long loadingNanoseconds;

    private Session(
            Instruments instruments,
            Backend backend,
            Allocator memory,
            ModelWeights weights,
            Optional<SummedWeights> sums,
            long openingNanoseconds,
            long loadingNanoseconds) {
        this.instruments = instruments;
        this.backend = backend;
        this.memory = memory;
        this.weights = weights;
        this.sums = sums;
        this.openingNanoseconds = openingNanoseconds;
        this.loadingNanoseconds = loadingNanoseconds;
    }

    /**
     * Starts a backend and makes weights.
     *
     * @param spec decides the model, the weights, the backend and its threads
     * @param instruments what to measure on and by
     * @throws OutOfMemoryError if there is no memory for the weights
     */
    static Session open(RunSpec spec, Instruments instruments) {
        return open(spec, instruments, false);
    }

    /**
     * The same.
     *
     * @param proves whether products of the runs are to be proven: weights are then summed up as they are made
     */
    static Session open(RunSpec spec, Instruments instruments, boolean proves) {
        long start = System.nanoTime();
        Backend backend = instruments.backend().apply(spec);
        try {
            Allocator memory = backend.allocator();
            Optional<SummedWeights> sums = proves ? Optional.of(new SummedWeights()) : Optional.empty();
            long loading = System.nanoTime();
            ModelWeights weights = weights(spec, instruments, backend, memory, sums);
            long end = System.nanoTime();
            return new Session(instruments, backend, memory, weights, sums, end - start, end - loading);
        } catch (RuntimeException | Error e) {
            closeBecause(e, backend);
            throw e;
        }
    }

    private static ModelWeights weights(
            RunSpec spec, Instruments instruments, Backend backend, Allocator memory, Optional<SummedWeights> sums) {
        long layers = spec.model().numLayers();
        LongConsumer told = done -> instruments.progress().advanced(Activity.WEIGHTS, done, layers);
        TensorLoader made = backend.loader(memory);
        try (TensorLoader loader = sums.map(each -> each.watching(made)).orElse(made)) {
            return spec.checkpoint().isPresent()
                    ? stored(spec, spec.checkpoint().get(), loader, instruments.warn(), told)
                    : new SeededInitializer(spec.model(), spec.seed(), loader).initialize(spec.weights(), told);
        } catch (RuntimeException | Error e) {
            closeBecause(e, memory);
            throw e;
        }
    }

    private static ModelWeights stored(
            RunSpec spec, Path folder, TensorLoader loader, Consumer<String> warn, LongConsumer told) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return new CheckpointWeights(spec.model(), folder.toString(), checkpoint, loader, spec.seed(), warn)
                    .load(spec.weights(), told);
        }
    }

    /**
     * Measures a run that reads this session's weights.
     *
     * @return what was measured, without what the machine reaches
     * @throws OutOfMemoryError if there is no memory for the buffers
     */
    Measurement measure(RunSpec spec, Sampling sampling) {
        return measure(spec, sampling, (computing, logits) -> {});
    }

    /**
     * The same.
     *
     * @param reader given the logits of every chunk, and what computes them
     */
    Measurement measure(RunSpec spec, Sampling sampling, BiConsumer<Backend, Tensor> reader) {
        return measure(spec, sampling, reader, Continuation.greedy());
    }

    /**
     * The same.
     *
     * @param continuation how decoded tokens are chosen, and who is told of them; nothing is decoded if a text ends at once
     */
    Measurement measure(
            RunSpec spec, Sampling sampling, BiConsumer<Backend, Tensor> reader, Continuation continuation) {
        Instant began = Instant.now();
        long start = System.nanoTime();
        TokenBatch tokens = TokenBatch.of(spec);
        Account account = Account.of(spec.model(), spec.phases(tokens.context()), spec.attention());
        try (Buffers buffers = new Buffers(backend)) {
            PhaseMeter meter = meter(spec, account, buffers, sampling, reader, continuation);
            Optional<DoubleSupplier> speed = sampling.calibrated()
                    ? Optional.of(instruments.calibration().apply(backend, buffers.scratch()))
                    : Optional.empty();
            long preparation = openingNanoseconds + System.nanoTime() - start;

            List<Double> speeds = new ArrayList<>();
            Runnable calibrate = () -> speed.ifPresent(now -> speeds.add(now.getAsDouble()));
            List<PhaseMeasurement> phases = new ArrayList<>();
            phases.add(
                    meter.measure(account.prefill(), tokens.ids(), sampling, calibrate, sizes(spec, account, buffers)));
            List<Prediction> predictions = meter.predictions(PREDICTIONS);
            int[] next = account.decode().isPresent() ? meter.next() : new int[0];
            account.decode()
                    .filter(decoded -> !continuation.ends(next))
                    .ifPresent(decoded -> phases.add(meter.measure(decoded, next, sampling, () -> {}, List.of())));
            return new Measurement(
                    spec,
                    new Account(
                            account.model(),
                            account.attention(),
                            phases.stream().map(PhaseMeasurement::account).toList(),
                            account.parameters(),
                            account.memory()),
                    phases,
                    weights.allocated().total(),
                    loadingNanoseconds,
                    preparation,
                    predictions,
                    MachineInfo.detect(backend.library(), spec.threads(), backend.gpu()),
                    MemoryStatus.peakResident(),
                    began,
                    Optional.empty(),
                    speeds,
                    meter.proof());
        }
    }

    /** The memory of one run. */
    private record Buffers(Allocator activations, Allocator cached, Allocator scratch) implements AutoCloseable {
        Buffers(Backend backend) {
            this(backend.allocator(), backend.allocator(), backend.allocator());
        }

        @Override
        public void close() {
            try (activations;
                    cached) {
                scratch.close();
            }
        }
    }

    /** Allocates the buffers of a run and makes ready what its phases need. */
    private PhaseMeter meter(
            RunSpec spec,
            Account account,
            Buffers buffers,
            Sampling sampling,
            BiConsumer<Backend, Tensor> reader,
            Continuation continuation) {
        List<Phase> phases = account.phases().stream().map(PhaseAccount::phase).toList();
        int positions = phases.get(phases.size() - 1).end();
        Optional<KvCache> cache = spec.needsCache(account.context())
                ? Optional.of(new KvCache(spec.model(), spec.batch(), positions, backend, buffers.cached()))
                : Optional.empty();
        Transformer transformer = new Transformer(
                spec.model(),
                weights,
                spec.attention(),
                phases,
                cache,
                backend,
                buffers.activations(),
                buffers.scratch());
        PhaseMeter meter = new PhaseMeter(
                spec,
                fromCaches(spec, account),
                backend,
                transformer,
                sampling.proves()
                        ? Optional.of(new ProvenProducts(
                                backend.products(),
                                backend.operands(),
                                sums.orElseThrow(),
                                spec.seed(),
                                sampling.proven()))
                        : Optional.empty(),
                instruments,
                logits -> reader.accept(backend, logits),
                continuation);
        phases.forEach(phase -> meter.prepare(phase, sampling));
        return meter;
    }

    private static boolean fromCaches(RunSpec spec, Account account) {
        long bytes = spec.weights() == WeightsMode.SHARED
                ? account.memory().sharedWeightsBytes()
                : account.memory().weightsBytes();
        return bytes <= Hardware.lastLevelCache().orElse(0);
    }

    /** What was allocated against its closed form, part by part. */
    private List<SizeCheck> sizes(RunSpec spec, Account account, Buffers buffers) {
        ParameterAccount expected = account.parameters();
        ModelWeights.Allocated allocated = weights.allocated();
        List<SizeCheck> sizes = new ArrayList<>(List.of(
                new SizeCheck("parameters.embedding", allocated.embedding(), expected.embedding()),
                new SizeCheck("parameters.positions", allocated.positions(), expected.positions()),
                new SizeCheck(
                        "parameters.blocks",
                        allocated.blocks(),
                        spec.weights() == WeightsMode.SHARED ? expected.sharedBlocks() : expected.blocks()),
                new SizeCheck("parameters.final_norm", allocated.finalNorm(), expected.finalNorm()),
                new SizeCheck("parameters.lm_head", allocated.lmHead(), expected.lmHead()),
                new SizeCheck(
                        "memory.activations_bytes",
                        buffers.activations().allocatedBytes(),
                        account.memory().activationsBytes())));
        if (spec.needsCache(account.context())) {
            sizes.add(new SizeCheck(
                    "memory.kv_cache_bytes",
                    buffers.cached().allocatedBytes(),
                    account.memory().kvCacheBytes()));
        }
        return sizes;
    }

    /** What fails while it is closed says nothing that the failure before it does not. */
    private static void closeBecause(Throwable failure, AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        try (backend) {
            memory.close();
        }
    }
}
