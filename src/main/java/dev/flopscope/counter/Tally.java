package dev.flopscope.counter;

import dev.flopscope.nd4j.ArrayShape;
import dev.flopscope.nd4j.Operation;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Calls, FLOPs and time of an operation in a region, added up from any thread. */
final class Tally {
    /** The most FLOPs first; what is uncounted last. */
    static final Comparator<OperationCount> ORDER = Comparator.comparingLong(OperationCount::flops)
            .reversed()
            .thenComparing(OperationCount::operation)
            .thenComparing(OperationCount::shape);

    private final Operation operation;
    private final String shape;
    private final FlopFormulas formulas;
    /** FLOPs of each call; none where calls may differ. */
    private final @Nullable OptionalLong each;

    private long calls;
    private long flops;
    private long nanoseconds;
    private @Nullable String why;

    /** A tally of calls that are all {@code operation}. */
    Tally(Operation operation, FlopFormulas formulas) {
        this.operation = operation;
        this.formulas = formulas;
        shape = shape(operation, formulas.basis(operation.name()));
        each = flopsOf(operation);
    }

    private Tally(Tally other) {
        operation = other.operation;
        formulas = other.formulas;
        shape = "other shapes";
        each = null;
    }

    /** A tally of calls whose arrays may have any shape. */
    Tally ofAnyShape() {
        return new Tally(this);
    }

    /** This tally, for a map that wants a function of its key. */
    Tally itself(Operation unused) {
        return this;
    }

    /** Adds a call. */
    synchronized void add(Operation called, long took) {
        calls++;
        nanoseconds += took;
        OptionalLong more = each == null ? flopsOf(called) : each;
        if (more.isPresent() && why == null) {
            try {
                flops = Math.addExact(flops, more.getAsLong());
            } catch (ArithmeticException e) {
                why = "more than 2⁶³−1 FLOPs";
            }
        }
    }

    /** FLOPs of a call; none, and a reason, where the formula fails: a user's program does not end for a count's sake. */
    @SuppressWarnings("CatchGeneric")
    private OptionalLong flopsOf(Operation called) {
        FlopFormula formula = formulas.formula(called.name());
        if (formula == null) {
            return OptionalLong.empty();
        }
        try {
            long found = formula.flops(called);
            if (found < 0) {
                throw new ArithmeticException(found + " FLOPs");
            }
            return OptionalLong.of(found);
        } catch (RuntimeException e) {
            why = "its formula fails: " + e;
            return OptionalLong.empty();
        }
    }

    /** What has been added so far. */
    synchronized OperationCount snapshot() {
        Basis known = why == null ? formulas.basis(operation.name()) : Basis.UNCOUNTED;
        boolean counted = known != null && known != Basis.UNCOUNTED;
        return new OperationCount(
                operation.name(),
                shape,
                known == null ? Basis.UNCOUNTED : known,
                calls,
                counted ? OptionalLong.of(flops) : OptionalLong.empty(),
                why,
                nanoseconds);
    }

    private static String shape(Operation operation, @Nullable Basis basis) {
        List<ArrayShape> inputs = operation.inputs();
        if (basis == Basis.OBSERVED && inputs.size() > 1) {
            return inputs.get(0) + transposed(operation, 0) + "·" + inputs.get(1) + transposed(operation, 1);
        }
        return inputs.stream().map(ArrayShape::toString).collect(Collectors.joining(", "));
    }

    /** The first two integers of a product of matrices say which operands are transposed; vectors have none. */
    private static String transposed(Operation operation, int operand) {
        return operation.input(operand).rank() > 1 && operation.integer(operand, 0) == 1 ? "ᵀ" : "";
    }
}
