package dev.flopscope.time;

import java.util.List;
import java.util.function.Consumer;

/**
 * What a {@link SpanRecorder} kept.
 *
 * @param lanes one a thread, in the order in which threads first told of something
 * @param kept products and operators in all lanes
 * @param leftOut products and operators for which there was no budget
 */
public record Recording(List<Lane> lanes, long kept, long leftOut) {
    /** Keeps a copy. */
    public Recording {
        lanes = List.copyOf(lanes);
    }

    /**
     * The spans of one thread.
     *
     * @param thread its name
     * @param spans tells a timeline of each span in the order in which they began, what holds before what is held
     */
    public record Lane(String thread, Consumer<Timeline> spans) {
        /** Tells {@code timeline} of each span, in the order in which they began, what holds before what is held. */
        public void replay(Timeline timeline) {
            spans.accept(timeline);
        }
    }

    /** Tells {@code timeline} of each span, one thread after the other. */
    public void replay(Timeline timeline) {
        lanes.forEach(lane -> lane.replay(timeline));
    }
}
