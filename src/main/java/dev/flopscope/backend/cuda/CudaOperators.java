package dev.flopscope.backend.cuda;

import dev.flopscope.backend.KeyValues;
import dev.flopscope.backend.Operators;
import dev.flopscope.backend.RotaryTable;
import dev.flopscope.backend.Routing;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cuda.driver.Kernel;
import dev.flopscope.config.Activation;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.RoutingConfig;
import java.util.Optional;

/** Operators, a kernel each; only a routing comes back to the host, since how large the next products are depends on it. */
final class CudaOperators implements Operators {
    private final CudaKernels kernels;
    private final CudaReader reader;
    private final CudaClock clock;

    CudaOperators(CudaKernels kernels, CudaReader reader, CudaClock clock) {
        this.kernels = kernels;
        this.reader = reader;
        this.clock = clock;
    }

    @Override
    public void gather(Tensor table, int[] rows, Tensor result) {
        CudaTensor source = CudaTensor.of(table);
        for (int row : rows) {
            if (row < 0 || row >= source.rows()) {
                throw new IndexOutOfBoundsException("there is no row " + row + " among " + source.rows());
            }
        }
        CudaTensor destination = CudaTensor.of(result);
        long uploaded = clock.transfer(() -> kernels.upload(rows));
        Kernel gather = kernels.rows("gather")
                .with(source.pointer())
                .with(uploaded)
                .with(destination.pointer())
                .with((long) rows.length)
                .with(destination.columns());
        kernels.overElements(gather, rows.length * destination.columns());
    }

    @Override
    public void rmsNorm(Tensor input, Tensor gain, double epsilon, Tensor output) {
        CudaTensor source = CudaTensor.of(input);
        Kernel norm = kernels.norm("rms_norm")
                .with(source.pointer())
                .with(CudaTensor.of(gain).pointer())
                .with(epsilon)
                .with(CudaTensor.of(output).pointer());
        eachRow(norm, source);
    }

    @Override
    public void layerNorm(Tensor input, Tensor gain, Tensor bias, double epsilon, Tensor output) {
        CudaTensor source = CudaTensor.of(input);
        Kernel norm = kernels.norm("layer_norm")
                .with(source.pointer())
                .with(CudaTensor.of(gain).pointer())
                .with(CudaTensor.of(bias).pointer())
                .with(epsilon)
                .with(CudaTensor.of(output).pointer());
        eachRow(norm, source);
    }

    @Override
    public void addBias(Tensor matrix, Tensor bias) {
        CudaTensor target = CudaTensor.of(matrix);
        Kernel add = kernels.elementwise("add_bias")
                .with(target.pointer())
                .with(CudaTensor.of(bias).pointer())
                .with(target.rows())
                .with(target.columns());
        kernels.overElements(add, target.size());
    }

    @Override
    public void scale(Tensor matrix, float factor) {
        CudaTensor target = CudaTensor.of(matrix);
        kernels.overElements(
                kernels.elementwise("scale").with(target.pointer()).with(factor).with(target.size()), target.size());
    }

    @Override
    public void softCap(Tensor matrix, double cap) {
        CudaTensor target = CudaTensor.of(matrix);
        each(kernels.elementwise("soft_cap").with(target.pointer()).with((float) cap), target);
    }

    @Override
    public void rotate(Tensor matrix, RotaryTable table, Chunk chunk, float scale) {
        CudaTensor target = CudaTensor.of(matrix);
        CudaRotary angles = CudaRotary.of(table);
        Kernel rotate = kernels.rotary()
                .with(target.pointer())
                .with(angles.cosines().pointer())
                .with(angles.sines().pointer())
                .with(target.rows())
                .with(chunk.queries())
                .with(chunk.past())
                .with(Math.toIntExact(target.columns() / angles.headDim()))
                .with(angles.headDim())
                .with(angles.frequencies())
                .with(scale);
        kernels.overElements(rotate, target.size());
    }

    @Override
    public void append(KeyValues cache, Tensor keys, Tensor values, Chunk chunk) {
        CudaKeyValues kept = CudaKeyValues.of(cache);
        append(CudaTensor.of(keys), kept.keys(), kept.capacity(), chunk);
        append(CudaTensor.of(values), kept.values(), kept.capacity(), chunk);
    }

    private void append(CudaTensor source, CudaTensor kept, int capacity, Chunk chunk) {
        if (chunk.end() > capacity) {
            throw new IllegalArgumentException("a cache of " + capacity + " tokens cannot hold " + chunk.end());
        }
        Kernel append = kernels.rows("append")
                .with(source.pointer())
                .with(kept.pointer())
                .with(source.rows())
                .with(chunk.queries())
                .with(chunk.past())
                .with(capacity)
                .with(source.columns());
        kernels.overElements(append, source.size());
    }

    @Override
    public void activate(Activation activation, Tensor matrix) {
        CudaTensor target = CudaTensor.of(matrix);
        each(kernels.activation("activate").with(number(activation)).with(target.pointer()), target);
    }

    @Override
    public void gate(Activation activation, Tensor gate, Tensor up) {
        CudaTensor target = CudaTensor.of(gate);
        each(
                kernels.activation("gate")
                        .with(number(activation))
                        .with(target.pointer())
                        .with(CudaTensor.of(up).pointer()),
                target);
    }

    /** What activation.cu calls it. */
    private static int number(Activation activation) {
        return switch (activation) {
            case SILU -> 0;
            case GELU_TANH -> 1;
            case GELU -> 2;
            case QUICK_GELU -> 3;
        };
    }

    @Override
    public void limitGate(Tensor gate, Tensor up, double limit) {
        CudaTensor target = CudaTensor.of(gate);
        each(
                kernels.activation("limit_gate")
                        .with(target.pointer())
                        .with(CudaTensor.of(up).pointer())
                        .with((float) limit),
                target);
    }

    @Override
    public Routing route(Tensor logits, RoutingConfig config, int perToken, Optional<Tensor> correction) {
        CudaTensor scores = CudaTensor.of(logits);
        double[][] rows = clock.transfer(() -> reader.rows(scores));
        double[] added = correction
                .map(vector -> clock.transfer(() -> reader.rows(CudaTensor.of(vector)))[0])
                .orElse(new double[0]);
        return Routing.of(config, perToken, added, rows.length, row -> rows[row]);
    }

    @Override
    public void clear(Tensor matrix) {
        CudaTensor target = CudaTensor.of(matrix);
        kernels.device().clear(target.pointer(), target.size());
    }

    @Override
    public void addRows(Tensor terms, int[] rows, double[] weights, Tensor sums) {
        CudaTensor source = CudaTensor.of(terms);
        float[] factors = new float[weights.length];
        for (int row = 0; row < factors.length; row++) {
            factors[row] = (float) weights[row];
        }
        long uploaded = clock.transfer(() -> kernels.upload(rows, factors));
        Kernel add = kernels.rows("add_rows")
                .with(source.pointer())
                .with(uploaded)
                .with(uploaded + (long) rows.length * Integer.BYTES)
                .with(CudaTensor.of(sums).pointer())
                .with((long) rows.length)
                .with(source.columns());
        kernels.overElements(add, rows.length * source.columns());
    }

    @Override
    public void copyColumns(Tensor source, HeadColumns from, Tensor destination, HeadColumns to, int width, int heads) {
        CudaTensor read = CudaTensor.of(source);
        CudaTensor written = CudaTensor.of(destination);
        Kernel copy = kernels.rows("copy_columns")
                .with(read.pointer())
                .with(read.columns())
                .with(from.first())
                .with(from.step())
                .with(written.pointer())
                .with(written.columns())
                .with(to.first())
                .with(to.step())
                .with(width)
                .with(heads)
                .with(read.rows());
        kernels.overElements(copy, read.rows() * heads * width);
    }

    @Override
    public void add(Tensor stream, Tensor update) {
        CudaTensor target = CudaTensor.of(stream);
        each(
                kernels.elementwise("add")
                        .with(target.pointer())
                        .with(CudaTensor.of(update).pointer()),
                target);
    }

    /** Launches a kernel over all elements, whose number is its last argument. */
    private void each(Kernel kernel, CudaTensor target) {
        kernels.overElements(kernel.with(target.size()), target.size());
    }

    /** Launches a kernel over all rows, whose number and width are its last arguments. */
    private void eachRow(Kernel kernel, CudaTensor source) {
        kernels.overRows(kernel.with(source.rows()).with(source.columns()), source.rows(), source.columns());
    }
}
