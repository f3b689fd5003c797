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
    public void multiplied(MatmulSite site, MatmulShape shape, long startNanoseconds, long endNanoseconds) {
        timelines.forEach(timeline -> timeline.multiplied(site, shape, startNanoseconds, endNanoseconds));
    }

    @Override
    public void stepped(Step step, int layer, long startNanoseconds, long endNanoseconds) {
        timelines.forEach(timeline -> timeline.stepped(step, layer, startNanoseconds, endNanoseconds));
    }

    @Override
    public void sideBySide(int threads, long startNanoseconds) {
        timelines.forEach(timeline -> timeline.sideBySide(threads, startNanoseconds));
    }

    @Override
    public void together(long endNanoseconds) {
        timelines.forEach(timeline -> timeline.together(endNanoseconds));
    }

    @Override
    public void enclosed(Part part, int layer, long startNanoseconds, long endNanoseconds) {
        timelines.forEach(timeline -> timeline.enclosed(part, layer, startNanoseconds, endNanoseconds));
    }

    @Override
    public void measuring() {
        timelines.forEach(Timeline::measuring);
    }
}
