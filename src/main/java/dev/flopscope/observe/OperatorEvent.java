package dev.flopscope.observe;

import dev.flopscope.time.Operator;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** An operator: something between products. The name that tools ask for is that of the first version. */
@Name(OperatorEvent.NAME)
@Label("Step")
@Description("What happens between the matrix products of a transformer's pass")
@Category("Flopscope")
@StackTrace(false)
@Threshold("0 ns")
final class OperatorEvent extends Event implements FlightEvents.OperatorSpan {
    static final String NAME = "dev.flopscope.Step";

    @Label("Step")
    @Description("embedding, norm, rotary, cache, softmax, gate, residual or last rows")
    String step = "";

    @Label("Layer")
    @Description("From 0; -1 for the embedding and the final norm")
    int layer;

    @Override
    public void ended(Operator operator, int operatorLayer) {
        end();
        if (shouldCommit()) {
            step = operator.label();
            layer = operatorLayer;
            commit();
        }
    }
}
