package dev.flopscope.backend.cpu;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.RowSource;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.backend.cpu.kernel.Elementwise;
import dev.flopscope.backend.cpu.kernel.JavaElementwise;
import dev.flopscope.backend.cpu.memory.Block;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Workers;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.machine.Blas;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products by ND4J's {@code matmul} operation, which hands them to BLAS. The only caller of ND4J's products.
 *
 * <p>The operation takes strided operands (a head is a block of columns) and a strided result without copying, which
 * {@code INDArray.mmul} does not. One operation context a thread is kept, since contexts are never freed and making one
 * doubles the cost of a call.
 */
final class Nd4jEngine implements ProductEngine, Products {
    private static final Pattern CONFIG_VERSION = Pattern.compile("OpenBLAS\\s+(\\d\\S*)");
    private static final String UNKNOWN = "unknown";

    private final Workers workers;
    private final BlasThreads blas = new BlasThreads();
    private final LongAdder contextsMade = new LongAdder();
    private final ThreadLocal<OpContext> contexts = ThreadLocal.withInitial(() -> {
        contextsMade.increment();
        return Nd4j.getExecutioner().buildContext();
    });

    /** Multiplies by a started ND4J, which uses as many threads for one product as there are {@code workers}. */
    Nd4jEngine(Workers workers) {
        this.workers = workers;
    }

    @Override
    public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
        Block a = ProductEngine.operand(site, left);
        Block b = ProductEngine.operand(site, right);
        Block c = ProductEngine.operand(site, result);
        ProductEngine.requireFitting(site, a, b, rightIs, c);
        OpContext context = contexts.get();
        context.setInputArrays(a.array(), b.array());
        context.setOutputArrays(c.array());
        context.setIArguments(0, rightIs == Right.TRANSPOSED ? 1 : 0, 0); // transpose left, right, result
        context.setTArguments(1.0, 0.0); // alpha, beta: result = 1·left·right + 0·result
        Nd4j.exec(new Mmul(), context);
    }

    @Override
    public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
        multiply(site, left, weight, Right.TRANSPOSED, result);
    }

    @Override
    public Products products() {
        return this;
    }

    /**
     * BLAS needs nothing for a shape that it has not met. But each thread needs a context, and the first product of a thread
     * makes ND4J's operation and BLAS's buffers: it is computed.
     */
    @Override
    public void prepare(Consumer<Products> rehearsal) {
        workers.onEach(contexts::get);
        ThreadLocal<Set<Right>> computed = ThreadLocal.withInitial(() -> EnumSet.noneOf(Right.class));
        rehearsal.accept(new Products() {
            @Override
            public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
                if (computed.get().add(rightIs)) {
                    Nd4jEngine.this.multiply(site, left, right, rightIs, result);
                }
            }

            @Override
            public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
                multiply(site, left, weight, Right.TRANSPOSED, result);
            }
        });
    }

    @Override
    public long prepared() {
        return contextsMade.sum();
    }

    @Override
    public void eachOnOneThread(boolean recurring, Runnable work) {
        int before = blas.get();
        blas.set(1);
        try {
            work.run();
        } finally {
            blas.set(before);
        }
    }

    @Override
    public Elementwise elementwise() {
        return new JavaElementwise();
    }

    /** What the loaded OpenBLAS tells of itself; what it does not tell is unknown, never an error. */
    @Override
    public Blas library() {
        return ask("openblas_get_corename")
                .map(kernel -> new Blas(
                        "OpenBLAS",
                        ask("openblas_get_config").map(Nd4jEngine::version).orElse(UNKNOWN),
                        kernel,
                        workers.threads()))
                .orElse(new Blas(UNKNOWN, UNKNOWN, UNKNOWN, workers.threads()));
    }

    private static Optional<String> ask(String name) {
        return loaded(name)
                .flatMap(function -> Optional.ofNullable(function.invokeString(new Object[0], false)))
                .map(String::trim)
                .filter(text -> !text.isEmpty());
    }

    private static String version(String config) {
        Matcher matcher = CONFIG_VERSION.matcher(config);
        return matcher.find() ? matcher.group(1) : UNKNOWN;
    }

    /**
     * A function of OpenBLAS, found among the symbols that are loaded. Opening the library a second time to ask it would be
     * simpler, but JNA closes what it opened once it is garbage, and closing ends OpenBLAS's buffers under the next product.
     */
    private static Optional<Function> loaded(String name) {
        return Optional.ofNullable(Loader.addressof(name))
                .filter(address -> !address.isNull())
                .map(address -> Function.getFunction(new Pointer(address.address())));
    }

    /** All parameters are row by row. */
    @Override
    public TensorLoader loader(MatrixAllocator memory) {
        return new TensorLoader() {
            @Override
            public Tensor weight(long rows, long columns, RowSource source) {
                return memory.filled(rows, columns, source);
            }

            @Override
            public Tensor table(long rows, long columns, RowSource source) {
                return memory.filled(rows, columns, source);
            }

            @Override
            public void close() {}
        };
    }

    /**
     * The number of threads that one BLAS product uses: global to the process.
     *
     * <p>OpenBLAS is asked directly, which takes a microsecond or so; ND4J's own call takes half a millisecond, too long to
     * change the number twice a layer.
     */
    private static final class BlasThreads {
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
    }
}
