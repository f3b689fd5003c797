package dev.flopscope.run;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.audit.SizeCheck;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.flops.MemoryAccount;
import dev.flopscope.forward.Decoder;
import dev.flopscope.forward.KvCache;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.matmul.CountingMatmul;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.matmul.TimingMatmul;
import dev.flopscope.profile.Repetition;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.time.TimeTally;
import dev.flopscope.time.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;

/**
 * Passes over one token of each sequence after a prompt, each token the likeliest after those before; counted and timed. All
 * of them can be run again from where the prompt ends: each time has counts and times of its own.
 */
final class DecodePasses {
    private final PreparedModel model;
    private final RunSpec spec;
    private final DecodeAccount account;
    private final KvCache cache;
    private final Decoder decoder;
    private final TimeTally timer = new TimeTally();
    private FlopTally counter = new FlopTally();

    /**
     * What decoding all tokens once gave.
     *
     * @param ids the tokens that went through the model, one list a sequence
     * @param counts calls by shape at every site, all tokens together
     * @param times where the wall time went
     * @param tokenNanoseconds wall time of each pass, from the embedding to the choice of the next token
     * @param garbageCollectionNanoseconds what Java's collectors took meanwhile
     */
    record Outcome(
            List<List<Integer>> ids,
            SortedMap<MatmulSite, SiteCount> counts,
            Times times,
            List<Long> tokenNanoseconds,
            long garbageCollectionNanoseconds) {
        /** What of it a profile keeps. */
        Repetition repetition() {
            return new Repetition(times, wallNanoseconds(), garbageCollectionNanoseconds);
        }

        /** All passes. */
        long wallNanoseconds() {
            return tokenNanoseconds.stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Makes the cache and the buffers of a pass. */
    DecodePasses(PreparedModel model, RunSpec spec, DecodeAccount account) {
        this(model, spec, account, UnaryOperator.identity());
    }

    /** The same, where products go to what {@code above} makes of the one that counts them. */
    DecodePasses(PreparedModel model, RunSpec spec, DecodeAccount account, UnaryOperator<Matmul> above) {
        this.model = model;
        this.spec = spec;
        this.account = account;
        this.cache = model.cache(spec.batch(), account.lastPosition());
        this.decoder = model.decoder(
                spec.batch(),
                cache,
                above.apply(new CountingMatmul(
                        new TimingMatmul(model.matmul(), timer), (site, shape) -> counter.multiplied(site, shape))),
                timer);
    }

    /** The closed forms of all passes. */
    DecodeAccount account() {
        return account;
    }

    /** What the pass over the prompt has to begin. */
    KvCache cache() {
        return cache;
    }

    /** See {@link Decoder#warmUp}. */
    void warmUp(long nanoseconds) {
        decoder.warmUp(nanoseconds);
    }

    /** Of each sequence the likeliest token after its last row of {@code logits}, (B·rows, V). */
    int[] likeliest(Matrix logits) {
        long rows = logits.rows() / spec.batch();
        int[] tokens = new int[spec.batch()];
        Arrays.setAll(tokens, sequence -> NextToken.likeliest(logits, (sequence + 1) * rows - 1));
        return tokens;
    }

    /**
     * Decodes all tokens from where the prompt ends in the cache.
     *
     * @param first the token after the prompt, of each sequence
     * @param progress told how many tokens are decoded
     */
    Outcome run(int[] first, LongConsumer progress) {
        cache.rewind(account.prefill().context());
        counter = new FlopTally();
        long collected = GarbageCollection.nanoseconds();
        List<List<Integer>> ids = new ArrayList<>();
        for (int sequence = 0; sequence < spec.batch(); sequence++) {
            ids.add(new ArrayList<>());
        }
        List<Long> walls = new ArrayList<>();
        int[] next = first;
        for (int token = 1; token <= account.tokens(); token++) {
            for (int sequence = 0; sequence < next.length; sequence++) {
                ids.get(sequence).add(next[sequence]);
            }
            long start = System.nanoTime();
            Matrix logits = decoder.decode(next, layers -> {});
            next = likeliest(logits);
            walls.add(System.nanoTime() - start);
            progress.accept(token);
        }
        return new Outcome(ids, counter.snapshot(), timer.take(), walls, GarbageCollection.nanoseconds() - collected);
    }

    /** Holds what was counted against the closed forms, beside {@code ceilings} of as many threads. */
    DecodeResult result(Outcome outcome, Ceilings ceilings) {
        Reconciliation reconciliation = Reconciliation.of(account.kinds(), outcome.counts(), sizes());
        return new DecodeResult(
                account,
                reconciliation,
                KindResult.all(account.kinds(), reconciliation, outcome.times()),
                outcome.times(),
                outcome.tokenNanoseconds(),
                outcome.ids(),
                spec.prompt() instanceof Prompt.Text
                        ? NextToken.text(outcome.ids().get(0), spec.model().vocabSize())
                        : Optional.empty(),
                ceilings,
                fromCaches());
    }

    private boolean fromCaches() {
        MemoryAccount memory = account.prefill().memory();
        long weights = spec.weights() == WeightsMode.SHARED ? memory.sharedWeightsBytes() : memory.weightsBytes();
        OptionalLong caches = Hardware.lastLevelCache();
        return caches.isPresent() && weights <= caches.getAsLong();
    }

    private List<SizeCheck> sizes() {
        return List.of(
                new SizeCheck("memory.kv_cache_bytes", model.cacheBytes(), account.cacheBytes()),
                new SizeCheck("memory.decode_activations_bytes", model.decodingBytes(), account.activationsBytes()));
    }
}
