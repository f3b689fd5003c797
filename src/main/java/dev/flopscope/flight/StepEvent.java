package dev.flopscope.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** Something between products. */
@Name(StepEvent.NAME)
@Label("Step")
@Description("What happens between the matrix products of a transformer's pass")
@Category("Flopscope")
@StackTrace(false)
@Threshold("0 ns")
final class StepEvent extends Event {
    static final String NAME = "dev.flopscope.Step";

    @Label("Step")
    @Description("embedding, norm, rotary, softmax, gate or residual")
    String step = "";

    @Label("Layer")
    @Description("From 0; -1 for the embedding and the final norm")
    int layer;
}
