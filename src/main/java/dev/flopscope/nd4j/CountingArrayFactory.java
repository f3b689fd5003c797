package dev.flopscope.nd4j;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.blas.Lapack;
import org.nd4j.linalg.api.blas.Level1;
import org.nd4j.linalg.api.blas.Level2;
import org.nd4j.linalg.api.blas.Level3;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.CpuNDArrayFactory;

/**
 * ND4J's factory for CPUs, whose BLAS and LAPACK tell of the calls that do not pass the executioner: {@code dot},
 * {@code ger}, {@code symm} and their like. ND4J makes one itself where the system property {@code ndarrayfactory.class}
 * names this class before ND4J starts.
 */
public final class CountingArrayFactory extends CpuNDArrayFactory {
    /** What the executioner is told of, or has no product: sums, copies and scalings of vectors, and what only asks. */
    private static final Set<String> PASSED_ON = Set.of(
            "gemv",
            "gemm",
            "nrm2",
            "asum",
            "iamax",
            "iamin",
            "swap",
            "copy",
            "axpy",
            "rotg",
            "rot",
            "rotmg",
            "scal",
            "supportsDataBufferL1Ops",
            "getPFactor",
            "getLFactor",
            "getUFactor",
            "toString",
            "hashCode",
            "equals");

    /** For ND4J, which calls it by reflection. */
    public CountingArrayFactory(DataType type, char order) {
        super(type, order);
    }

    @Override
    public void createLevel1() {
        super.createLevel1();
        level1 = telling(Level1.class, level1, "blas.");
    }

    @Override
    public void createLevel2() {
        super.createLevel2();
        level2 = telling(Level2.class, level2, "blas.");
    }

    @Override
    public void createLevel3() {
        super.createLevel3();
        level3 = telling(Level3.class, level3, "blas.");
    }

    @Override
    public void createLapack() {
        super.createLapack();
        lapack = telling(Lapack.class, lapack, "lapack.");
    }

    private static <T> T telling(Class<T> type, T library, String prefix) {
        return type.cast(Proxy.newProxyInstance(
                CountingArrayFactory.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    String name = prefix + method.getName();
                    OperationListeners.Work<@Nullable Object> work = () -> {
                        try {
                            return method.invoke(library, arguments);
                        } catch (InvocationTargetException e) {
                            throw CountingArrayFactory.<RuntimeException>thrown(e.getCause());
                        } catch (IllegalAccessException e) {
                            throw new LinkageError("ND4J's " + type.getSimpleName() + " is not public", e);
                        }
                    };
                    return PASSED_ON.contains(method.getName()) || !OperationListeners.wanted(name)
                            ? work.execute()
                            : OperationListeners.told(work, () -> "", result -> described(name, arguments));
                }));
    }

    /** Whatever a method threw, as it was, whether the compiler knows of it or not. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E thrown(@Nullable Throwable cause) throws E {
        throw (E) (cause == null ? new IllegalStateException("no cause") : cause);
    }

    /** Arrays in the order of the call; the numbers among its arguments, from the first, are its integers. */
    private static Operation described(String name, Object[] arguments) {
        return new Operation(
                name,
                Stream.of(arguments)
                        .filter(INDArray.class::isInstance)
                        .map(array -> ArrayShape.of(((INDArray) array).shape()))
                        .toList(),
                List.of(),
                Stream.of(arguments)
                        .filter(argument -> argument instanceof Long || argument instanceof Integer)
                        .map(argument -> ((Number) argument).longValue())
                        .toList());
    }
}
