package dev.flopscope.matmul;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The number of threads that one BLAS product uses: global to the process.
 *
 * <p>OpenBLAS is asked directly, which takes a microsecond or so; ND4J's own call takes half a millisecond, too long to
 * change the number twice a layer.
 */
final class BlasThreads {
    private final Optional<Function> setter = loaded("openblas_set_num_threads");
    private final Optional<Function> getter = loaded("openblas_get_num_threads");

    int get() {
        return getter.map(function -> function.invokeInt(new Object[0]))
                .orElseGet(() -> Nd4j.factory().blas().getMaxThreads());
    }

    void set(int threads) {
        setter.ifPresentOrElse(
                function -> function.invokeVoid(new Object[] {threads}),
                () -> Nd4j.factory().blas().setMaxThreads(threads));
    }

    private static Optional<Function> loaded(String name) {
        return Optional.ofNullable(Loader.addressof(name))
                .filter(address -> !address.isNull())
                .map(address -> Function.getFunction(new Pointer(address.address())));
    }
}
