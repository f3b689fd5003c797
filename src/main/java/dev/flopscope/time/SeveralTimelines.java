package dev.flopscope.time;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import java.util.List;

/** Passes on what it is told to any number of timelines. */
record SeveralTimelines(List<Timeline> timelines) implements Timeline {
    static final Timeline NONE = new SeveralTimelines(List.of());

    SeveralTimelines {
        timelines = List.copyOf(timelines);
    }

    @Override
    public void multiplied(MatmulSite site, MatmulShape shape, long batch, long startNanoseconds, long endNanoseconds) {
        timelines.forEach(timeline -> timeline.multiplied(site, shape, batch, startNanoseconds, endNanoseconds));
    }

    @Override
    public void operated(Operator operator, int layer, long startNanoseconds, long endNanoseconds) {
        timelines.forEach(timeline -> timeline.operated(operator, layer, startNanoseconds, endNanoseconds));
    }

    @Override
    public void parallel(int threads, long startNanoseconds) {
        timelines.forEach(timeline -> timeline.parallel(threads, startNanoseconds));
    }

    @Override
    public void joined(long endNanoseconds) {
        timelines.forEach(timeline -> timeline.joined(endNanoseconds));
    }

    @Override
    public void enclosed(Scope scope, int layer, long startNanoseconds, long endNanoseconds) {
        timelines.forEach(timeline -> timeline.enclosed(scope, layer, startNanoseconds, endNanoseconds));
    }

    @Override
    public void measuring(boolean measured) {
        timelines.forEach(timeline -> timeline.measuring(measured));
    }
}
