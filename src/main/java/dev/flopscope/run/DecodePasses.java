package dev.flopscope.run;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.audit.SizeCheck;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.count.FlopTally;
import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.forward.Decoder;
import dev.flopscope.forward.KvCache;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.matmul.CountingMatmul;
import dev.flopscope.matmul.TimingMatmul;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.time.TimeTally;
import dev.flopscope.time.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Passes over one token of each sequence after a prompt, each token the likeliest after those before; counted and timed. */
final class DecodePasses {
    private final PreparedModel model;
    private final RunSpec spec;
    private final DecodeAccount account;
    private final KvCache cache;
    private final Decoder decoder;
    private final FlopTally counter = new FlopTally();
    private final TimeTally timer = new TimeTally();

    /** Makes the cache and the buffers of a pass. */
    DecodePasses(PreparedModel model, RunSpec spec, DecodeAccount account) {
        this.model = model;
        this.spec = spec;
        this.account = account;
        this.cache = model.cache(spec.batch(), account.lastPosition());
        this.decoder = model.decoder(
                spec.batch(), cache, new CountingMatmul(new TimingMatmul(model.matmul(), timer), counter), timer);
    }

    /** What the pass over the prompt has to begin. */
    KvCache cache() {
        return cache;
    }

    /** See {@link Decoder#warmUp}. */
    void warmUp(long nanoseconds) {
        decoder.warmUp(nanoseconds);
    }

    /**
     * Decodes all tokens.
     *
     * @param prompt logits of the pass over the prompt, (B·T, V)
     * @param ceilings what the machine reaches, asked for when all tokens are decoded
     * @param lastLevelCacheBytes caches that could hold weights, if known
     * @param progress told how many tokens are decoded
     */
    DecodeResult run(
            Matrix prompt, Supplier<Ceilings> ceilings, OptionalLong lastLevelCacheBytes, LongConsumer progress) {
        int[] next = likeliest(prompt);
        List<List<Integer>> ids = new ArrayList<>();
        for (int sequence = 0; sequence < spec.batch(); sequence++) {
            ids.add(new ArrayList<>());
        }
        List<Long> walls = new ArrayList<>();
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
        return result(ids, walls, timer.take(), ceilings.get(), lastLevelCacheBytes);
    }

    /** Of each sequence the likeliest token after its last row. */
    private int[] likeliest(Matrix logits) {
        long rows = logits.rows() / spec.batch();
        int[] tokens = new int[spec.batch()];
        Arrays.setAll(tokens, sequence -> NextToken.likeliest(logits, (sequence + 1) * rows - 1));
        return tokens;
    }

    private DecodeResult result(
            List<List<Integer>> ids, List<Long> walls, Times times, Ceilings ceilings, OptionalLong caches) {
        Reconciliation reconciliation = Reconciliation.of(account.kinds(), counter.snapshot(), sizes());
        return new DecodeResult(
                account,
                reconciliation,
                KindResult.all(account.kinds(), reconciliation, times),
                times,
                walls,
                ids,
                spec.prompt() instanceof Prompt.Text
                        ? NextToken.text(ids.get(0), spec.model().vocabSize())
                        : Optional.empty(),
                ceilings,
                caches);
    }

    private List<SizeCheck> sizes() {
        return List.of(
                new SizeCheck("memory.kv_cache_bytes", model.cacheBytes(), account.cacheBytes()),
                new SizeCheck("memory.decode_activations_bytes", model.decodingBytes(), account.activationsBytes()));
    }
}
