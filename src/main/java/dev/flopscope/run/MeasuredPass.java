package dev.flopscope.run;

import dev.flopscope.config.RunSpec;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flight.Flight;
import dev.flopscope.forward.KvCache;
import dev.flopscope.forward.Transformer;
import dev.flopscope.matmul.CountingMatmul;
import dev.flopscope.matmul.FlightMatmul;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.matmul.TimingMatmul;
import dev.flopscope.profile.Repetition;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.time.TimeTally;
import dev.flopscope.time.Timeline;
import dev.flopscope.time.Times;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongConsumer;

/** A pass that counts and times itself, as often as it is run: each run has counts and times of its own. */
final class MeasuredPass {
    /** What HotSpot took to compile the kernels, with room to spare. */
    static final long WARM_UP_NANOSECONDS = 500_000_000;

    private final Transformer transformer;
    private final int[] ids;
    private final TimeTally timer = new TimeTally();
    private FlopTally counter = new FlopTally();

    /**
     * What one run gave.
     *
     * @param logits (B·T, V); valid until the next run
     * @param counts calls by shape at every site
     * @param times where the wall time went
     * @param wallNanoseconds from the embedding to the last logit
     * @param garbageCollectionNanoseconds what Java's collectors took meanwhile
     */
    record Outcome(
            Matrix logits,
            SortedMap<MatmulSite, SiteCount> counts,
            Times times,
            long wallNanoseconds,
            long garbageCollectionNanoseconds) {
        /** What of it a profile keeps. */
        Repetition repetition() {
            return new Repetition(times, wallNanoseconds, garbageCollectionNanoseconds);
        }
    }

    /**
     * Makes the buffers of a pass.
     *
     * @param model with the weights for it
     * @param spec how the pass attends
     * @param tokens what it reads
     * @param listener told of every span, beside the tally
     * @param cache begun by every run, if there is one
     */
    MeasuredPass(PreparedModel model, RunSpec spec, TokenBatch tokens, Timeline listener, Optional<KvCache> cache) {
        Timeline timeline = Flight.events(Timeline.all(List.of(timer, listener)));
        Matmul counting = new CountingMatmul(
                new TimingMatmul(model.matmul(), timeline), (site, shape) -> counter.multiplied(site, shape));
        Matmul matmul = Flight.isAvailable() ? new FlightMatmul(counting) : counting;
        this.transformer = model.transformer(spec.batch(), tokens.context(), spec.attention(), matmul, timeline, cache);
        this.ids = tokens.ids();
    }

    /** See {@link Transformer#warmUp}. */
    void warmUp(long nanoseconds) {
        transformer.warmUp(nanoseconds);
    }

    /** Runs the pass, telling {@code progress} how many layers are done. */
    Outcome run(LongConsumer progress) {
        counter = new FlopTally();
        long collected = GarbageCollection.nanoseconds();
        long start = System.nanoTime();
        Matrix logits = transformer.forward(ids, progress);
        long wall = System.nanoTime() - start;
        return new Outcome(logits, counter.snapshot(), timer.take(), wall, GarbageCollection.nanoseconds() - collected);
    }
}
