package dev.flopscope.nd4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.aggregates.Aggregate;
import org.nd4j.linalg.api.ops.aggregates.Batch;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;

/**
 * ND4J's executioner for CPUs, which tells of what it has executed. ND4J makes one itself where the system property
 * {@code opexec} names this class before ND4J starts; {@link Nd4jHook} puts one in place later.
 *
 * <p>All products of {@code INDArray}, {@code Nd4j.gemm} and SameDiff arrive at {@link #exec(CustomOp, OpContext)}, once
 * each; shapes are read from the context, because an operation need not hold its arrays. Transforms, scalars, broadcasts and
 * random numbers have no product and are left to ND4J.
 */
public final class CountingExecutioner extends NativeOpExecutioner {
    @Override
    public INDArray[] exec(CustomOp op, OpContext context) {
        if (!OperationListeners.wanted(op.opName())) {
            return super.exec(op, context);
        }
        return OperationListeners.told(
                () -> super.exec(op, context),
                () -> scope(op),
                result -> new Operation(
                        op.opName(),
                        shapes(context.getInputArrays()),
                        shapes(context.getOutputArrays()),
                        context.getIArguments()));
    }

    @Override
    public INDArray exec(ReduceOp op, @Nullable OpContext context) {
        String name = "reduce." + op.opName();
        if (!OperationListeners.wanted(name)) {
            return super.exec(op, context);
        }
        List<INDArray> inputs = context == null
                ? Stream.of(op.x(), op.y()).filter(array -> array != null).toList()
                : new ArrayList<>(context.getInputArrays());
        List<ArrayShape> read = shapes(inputs);
        return OperationListeners.told(
                () -> super.exec(op, context),
                () -> scope(op),
                result -> new Operation(name, read, shapes(List.of(result)), List.of()));
    }

    @Override
    public void exec(Aggregate op) {
        run("aggregate." + op.name(), () -> super.exec(op));
    }

    @Override
    public void exec(List<Aggregate> batch) {
        run(batch.isEmpty() ? "aggregate" : "aggregate." + batch.get(0).name(), () -> super.exec(batch));
    }

    @Override
    public <T extends Aggregate> void exec(Batch<T> batch) {
        T sample = batch.getSample();
        run(sample == null ? "aggregate" : "aggregate." + sample.name(), () -> super.exec(batch));
    }

    @Override
    public Map<String, INDArray> executeGraph(long id, Map<String, INDArray> map, Map<String, Integer> reverseMap) {
        Supplier<Map<String, INDArray>> work = () -> super.executeGraph(id, map, reverseMap);
        return executed("graph.native", work);
    }

    private static void run(String name, Runnable work) {
        executed(name, () -> {
            work.run();
            return name;
        });
    }

    private static <T> T executed(String name, Supplier<T> work) {
        return OperationListeners.wanted(name)
                ? OperationListeners.told(
                        work::get, () -> "", result -> new Operation(name, List.of(), List.of(), List.of()))
                : work.get();
    }

    private static List<ArrayShape> shapes(List<INDArray> arrays) {
        ArrayShape[] shapes = new ArrayShape[arrays.size()];
        for (int i = 0; i < shapes.length; i++) {
            shapes[i] = ArrayShape.of(arrays.get(i).shape());
        }
        return List.of(shapes);
    }

    /** What stands before the last slash of the operation's own name, which only SameDiff gives. */
    private static String scope(Object op) {
        if (op instanceof DifferentialFunction function && function.getSameDiff() != null) {
            String name = function.getOwnName();
            return name == null ? "" : name.substring(0, Math.max(0, name.lastIndexOf('/')));
        }
        return "";
    }
}
