package dev.flopscope.observe;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;
import dev.flopscope.time.Timeline;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it is told. */
final class Told implements Timeline {
    final List<String> events = new ArrayList<>();

    @Override
    public void multiplied(MatmulSite site, MatmulShape shape, long batch, long startNanoseconds, long endNanoseconds) {
        events.add(site + " " + shape + " " + startNanoseconds + "-" + endNanoseconds);
    }

    @Override
    public void operated(Operator operator, int layer, long startNanoseconds, long endNanoseconds) {
        events.add(operator.label() + " " + layer + " " + startNanoseconds + "-" + endNanoseconds);
    }

    @Override
    public void enclosed(Scope scope, int layer, long startNanoseconds, long endNanoseconds) {
        events.add(scope.label() + " " + layer + " " + startNanoseconds + "-" + endNanoseconds);
    }

    @Override
    public void parallel(int threads, long startNanoseconds) {
        events.add(threads + " threads from " + startNanoseconds);
    }

    @Override
    public void joined(long endNanoseconds) {
        events.add("joined " + endNanoseconds);
    }
}
