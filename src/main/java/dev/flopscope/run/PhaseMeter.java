package dev.flopscope.run;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.audit.SizeCheck;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.Phase;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.forward.Transformer;
import dev.flopscope.observe.Interceptor;
import dev.flopscope.observe.Proof;
import dev.flopscope.observe.ProvenProducts;
import dev.flopscope.profile.Repetition;
import dev.flopscope.profile.WarmUp;
import dev.flopscope.run.ProgressListener.Activity;
import dev.flopscope.time.TimeTally;
import dev.flopscope.time.Timeline;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;

/** Measures phases of one run, each as often as is asked for: every repetition has counts and times of its own. */
final class PhaseMeter {
    private final RunSpec spec;
    private final boolean fromCaches;
    private final Backend backend;
    private final Transformer transformer;
    private final Optional<ProvenProducts> proven;
    private final Instruments instruments;
    private final Consumer<Tensor> reader;
    private final Interceptor interceptor;
    private final ExecutionContext context;
    private final Continuation continuation;
    private final NextToken next;
    private final TimeTally timer = new TimeTally();
    private final Map<Phase, Long> preparations = new HashMap<>();
    private FlopTally tally = new FlopTally();
    private Optional<Tensor> logits = Optional.empty();

    /**
     * What a phase gave once.
     *
     * @param repetition what a profile keeps
     * @param counts calls by shape at every site
     * @param ids the tokens that were decoded, a list a sequence; empty for a prompt
     */
    private record Outcome(Repetition repetition, SortedMap<MatmulSite, SiteCount> counts, List<List<Integer>> ids) {}

    /**
     * Measures nothing yet.
     *
     * @param spec the run
     * @param fromCaches whether the caches could hold all weights from one forward pass to the next
     * @param backend what computes
     * @param transformer its forward pass
     * @param proven checks the products of the backend, if that is asked for
     * @param instruments who is told, and what the forward pass sees of that
     * @param reader given the logits of every chunk
     * @param continuation how decoded tokens are chosen, and who is told of them
     */
    PhaseMeter(
            RunSpec spec,
            boolean fromCaches,
            Backend backend,
            Transformer transformer,
            Optional<ProvenProducts> proven,
            Instruments instruments,
            Consumer<Tensor> reader,
            Continuation continuation) {
        this.spec = spec;
        this.fromCaches = fromCaches;
        this.backend = backend;
        this.transformer = transformer;
        this.proven = proven;
        this.instruments = instruments;
        this.reader = reader;
        this.continuation = continuation;
        this.next = new NextToken(
                backend,
                spec.batch(),
                new TokenSampler(continuation.decoding()),
                Tokenizers.ofIds(spec, spec.prompt() instanceof Prompt.Text));
        this.interceptor = new Interceptor(
                proven.map(Products.class::cast).orElseGet(backend::products),
                backend.clock(),
                (site, shape, batch) -> tally.multiplied(site, shape, batch),
                Timeline.all(List.of(timer, instruments.listener())));
        this.context = instruments.forward().apply(interceptor);
    }

    /**
     * Makes ready, before any phase is run, what a phase needs: the backend's code for its shapes, and Java's own, counting and
     * timing included. Nobody is told of it, and nothing is kept.
     */
    void prepare(Phase phase, Sampling sampling) {
        long start = System.nanoTime();
        // A device works while the host goes on, so that code of the host that is not compiled yet makes nothing
        // slower.
        long wanted = backend.clock().isDeferred() ? 0 : sampling.preparationNanoseconds();
        Rehearsed rehearsed = new Rehearsed(spec, phase, sampling.proves());
        transformer.warmUp(
                phase,
                rehearsed.missing(wanted),
                products -> Interceptor.unrecorded(
                        proven.map(proof -> proof.rehearsing(products)).orElse(products),
                        backend.clock(),
                        (site, shape, batch) -> tally.multiplied(site, shape, batch),
                        Timeline.all(List.of(timer, Timeline.none()))));
        timer.take();
        rehearsed.reached(wanted);
        preparations.put(phase, System.nanoTime() - start);
    }

    /** What became of proving the products so far, if that is asked for. */
    Optional<Proof> proof() {
        return proven.map(ProvenProducts::proof);
    }

    /** The {@code most} most likely tokens after the first sequence, by the last forward pass. */
    List<Prediction> predictions(int most) {
        return next.top(logits.orElseThrow(), most);
    }

    /** The token chosen after each sequence, by the last forward pass. */
    int[] next() {
        return next.choose(logits.orElseThrow());
    }

    /**
     * Warms up and measures a phase. Each repetition begins where the phase before ended.
     *
     * @param account the closed forms of the phase
     * @param ids what goes in: the ids of the prompt, B·T sequence by sequence, or the first token to decode of each sequence
     * @param sampling how often
     * @param before what to do before each measured repetition
     * @param sizes what was found in memory against its closed forms
     */
    PhaseMeasurement measure(
            PhaseAccount account, int[] ids, Sampling sampling, Runnable before, List<SizeCheck> sizes) {
        instruments.listener().measuring(false);
        WarmUp warmUp = warmUp(account.phase(), ids, sampling);
        instruments.listener().measuring(true);
        List<Outcome> outcomes = new ArrayList<>();
        Activity activity = isDecoding(account.phase()) ? Activity.DECODING : Activity.PASSES;
        for (int repetition = 0; repetition < sampling.repetitions(); repetition++) {
            before.run();
            outcomes.add(
                    once(account.phase(), ids, told(activity, account.phase(), repetition, sampling.repetitions())));
        }
        PhaseAccount reached = reached(account, outcomes.get(0));
        return new PhaseMeasurement(
                reached,
                preparations.getOrDefault(account.phase(), 0L),
                warmUp,
                outcomes.stream().map(Outcome::repetition).toList(),
                outcomes.get(0).counts(),
                outcomes.stream()
                        .map(outcome -> Reconciliation.of(reached, outcome.counts(), sizes))
                        .toList(),
                outcomes.stream().map(Outcome::ids).toList(),
                text(outcomes.get(0).ids()),
                fromCaches);
    }

    /** The closed forms of what was decoded until a text ended, where it ended early. */
    private PhaseAccount reached(PhaseAccount account, Outcome outcome) {
        Phase phase = account.phase();
        int tokens =
                outcome.ids().isEmpty() ? phase.tokens() : outcome.ids().get(0).size();
        return tokens == phase.tokens()
                ? account
                : PhaseAccount.of(spec.model(), Phase.decode(phase.batch(), phase.past(), tokens), spec.attention());
    }

    private WarmUp warmUp(Phase phase, int[] ids, Sampling sampling) {
        Activity activity = isDecoding(phase) ? Activity.DECODING_WARM_UP : Activity.WARM_UP;
        List<Long> walls = new ArrayList<>();
        while (!sampling.warmUp().enough(walls)) {
            LongConsumer told =
                    told(activity, phase, walls.size(), sampling.warmUp().most());
            walls.add(once(phase, ids, told).repetition().wallNanoseconds());
        }
        return sampling.warmUp().verdict(walls);
    }

    private LongConsumer told(Activity activity, Phase phase, long before, long repetitions) {
        long work = (long) phase.steps() * progressOfAStep(phase);
        return done -> instruments.progress().advanced(activity, before * work + done, repetitions * work);
    }

    /** What progress is counted in: a token is done at once, a chunk of a prompt layer by layer. */
    private long progressOfAStep(Phase phase) {
        return isDecoding(phase) ? 1 : spec.model().numLayers();
    }

    private static boolean isDecoding(Phase phase) {
        return phase.name() == Phase.Name.DECODE;
    }

    private Outcome once(Phase phase, int[] ids, LongConsumer told) {
        tally = new FlopTally();
        long collected = garbageCollectionNanoseconds();
        List<int[]> decoded = new ArrayList<>();
        List<Long> walls = new ArrayList<>();
        int[] next = ids;
        for (int step = 0; step < phase.steps(); step++) {
            if (isDecoding(phase)) {
                if (continuation.ends(next)) {
                    break;
                }
                decoded.add(next);
                told(decoded);
            }
            int[] given = isDecoding(phase) ? next : chunk(ids, phase, step);
            LongConsumer layers = layersTold(phase, step, told);
            long start = backend.clock().now();
            logits = transformer.forward(given, phase, step, context, layers);
            if (isDecoding(phase)) {
                next = next();
            }
            long end = backend.clock().now();
            LongUnaryOperator times = interceptor.settle();
            walls.add(times.applyAsLong(end) - times.applyAsLong(start));
            logits.ifPresent(reader);
            told.accept((step + 1) * progressOfAStep(phase));
        }
        return new Outcome(
                new Repetition(timer.take(), walls, garbageCollectionNanoseconds() - collected),
                tally.snapshot(),
                bySequence(decoded));
    }

    private void told(List<int[]> decoded) {
        if (spec.batch() == 1) {
            continuation.told().accept(decoded.stream().map(ids -> ids[0]).toList());
        }
    }

    /** Tells nothing while a token is decoded. */
    private LongConsumer layersTold(Phase phase, int step, LongConsumer told) {
        long before = step * progressOfAStep(phase);
        return isDecoding(phase) ? layer -> {} : layer -> told.accept(before + layer);
    }

    /** The ids of one chunk, sequence by sequence. */
    private static int[] chunk(int[] ids, Phase phase, int step) {
        Chunk chunk = phase.chunk(step);
        int[] part = new int[Math.toIntExact(chunk.rows())];
        for (int sequence = 0; sequence < chunk.batch(); sequence++) {
            System.arraycopy(
                    ids, sequence * phase.tokens() + chunk.past(), part, sequence * chunk.queries(), chunk.queries());
        }
        return part;
    }

    /** Tokens that were decoded step by step, as a list a sequence; empty if there are none. */
    private static List<List<Integer>> bySequence(List<int[]> decoded) {
        int sequences = decoded.isEmpty() ? 0 : decoded.get(0).length;
        return IntStream.range(0, sequences)
                .mapToObj(sequence ->
                        decoded.stream().map(tokens -> tokens[sequence]).toList())
                .toList();
    }

    private Optional<String> text(List<List<Integer>> ids) {
        return spec.prompt() instanceof Prompt.Text && !ids.isEmpty() ? next.text(ids.get(0)) : Optional.empty();
    }

    /** What all of Java's collectors took since the program began, to the millisecond; one that does not tell says −1. */
    private static long garbageCollectionNanoseconds() {
        return TimeUnit.MILLISECONDS.toNanos(ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .filter(milliseconds -> milliseconds > 0)
                .sum());
    }
}
