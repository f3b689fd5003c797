package dev.flopscope;

import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flops.Account;
import dev.flopscope.profile.Repetition;
import dev.flopscope.weights.ModelWeights;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** One breach of a rule each, for {@link ArchitectureTest}; nobody runs them. */
final class ArchitectureBreaches {
    private ArchitectureBreaches() {}

    /** No room may name the command line, which is above all of them; for its own rule, it names what no room may. */
    static final class NamesTheCommandLine {
        Object name() {
            return List.of(dev.flopscope.cli.Main.class, TestModels.class);
        }
    }

    static final class SeesAShape {
        long count(MatmulShape shape) {
            return shape.flops();
        }
    }

    static final class SeesACount {
        long count(SiteCount count) {
            return count.calls();
        }
    }

    static final class SeesATensor {
        long rows(Tensor tensor) {
            return tensor.rows();
        }
    }

    static final class SeesAConfig {
        int layers(ModelConfig model) {
            return model.numLayers();
        }
    }

    static final class SeesAClosedForm {
        long flops(Account account) {
            return account.prefill().flops();
        }
    }

    static final class SeesParameters {
        Object embedding(ModelWeights weights) {
            return weights.embedding();
        }
    }

    static final class SeesARepetition {
        long wall(Repetition repetition) {
            return repetition.wallNanoseconds();
        }
    }

    static final class StartsAnEngine {
        Object start() {
            return CpuBackend.start(Engine.OPENBLAS, 1);
        }
    }

    static final class NamesNd4j {
        long rows(INDArray array) {
            return array.rows();
        }
    }

    static final class NamesJavaCpp {
        long limit(FloatPointer pointer) {
            return pointer.limit();
        }
    }

    static final class NamesABuffer {
        float first(FloatBuffer buffer) {
            return buffer.get(0);
        }
    }

    static final class StartsAThread {
        void start(Runnable work) {
            new Thread(work).start();
        }
    }

    static final class IsAThread extends Thread {
        void begin() {
            start();
        }
    }

    static final class HandsOutThreads {
        Function<Runnable, Thread> threads() {
            return Thread::new;
        }
    }

    static final class ParksAThread {
        void park() {
            LockSupport.park();
        }
    }

    static final class HasAPool {
        void submit(ExecutorService pool, Runnable work) {
            pool.execute(work);
        }
    }

    static final class StreamsInParallel {
        long count(List<Integer> numbers) {
            return numbers.parallelStream().count();
        }
    }

    static final class ReadsNanoseconds {
        long now() {
            return System.nanoTime();
        }
    }

    static final class HandsOutNanoseconds {
        LongSupplier clock() {
            return System::nanoTime;
        }
    }

    static final class NamesPicocli {
        int execute(Object command) {
            return new picocli.CommandLine(command).execute();
        }
    }

    static final class NamesJUnit {
        Class<?> type() {
            return org.junit.jupiter.api.extension.Extension.class;
        }
    }

    static final class NamesJmh {
        Class<?> type() {
            return org.openjdk.jmh.profile.InternalProfiler.class;
        }
    }

    static final class NamesTheFlightRecorder {
        boolean isThere() {
            return jdk.jfr.FlightRecorder.isAvailable();
        }
    }

    static final class NamesOneDnn {
        Object library() {
            return org.bytedeco.dnnl.global.dnnl.dnnl_version();
        }
    }

    static final class RunsAProduct {
        Object type() {
            return dev.flopscope.backend.cpu.onednn.Product.class;
        }
    }

    static final class ByArray {
        INDArray multiply(INDArray a) {
            return a.mmul(a).mmuli(a);
        }
    }

    static final class ByGemm {
        INDArray multiply(INDArray a) {
            return Nd4j.gemm(a, a, false, false);
        }
    }

    static final class ByFactory {
        INDArray multiply(INDArray a) {
            return Nd4j.matmul(a, a);
        }
    }

    static final class ByOperation {
        Object multiply(INDArray a) {
            return new org.nd4j.linalg.api.ops.impl.reduce.Mmul(a, a);
        }
    }

    static final class ByName {
        Object multiply(INDArray a) {
            return DynamicCustomOp.builder("matmul").addInputs(a, a).build();
        }
    }

    static final class ByTensor {
        INDArray multiply(INDArray a) {
            return Nd4j.tensorMmul(a, a, new int[][] {{1}, {0}});
        }
    }

    static final class ByReference {
        BinaryOperator<INDArray> product() {
            return INDArray::mmul;
        }
    }

    static final class HalfACircle {
        Class<?> other() {
            return OtherHalf.class;
        }
    }

    static final class OtherHalf {
        Class<?> other() {
            return HalfACircle.class;
        }
    }
}
