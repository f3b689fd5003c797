package dev.flopscope.run;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.AttentionOperator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Clock;
import dev.flopscope.backend.KeyValues;
import dev.flopscope.backend.MachineProbes;
import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Operators;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.RotaryTable;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.config.Attention;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.machine.Blas;
import dev.flopscope.run.Plant.Hands;
import java.util.List;
import java.util.function.Consumer;

/**
 * A backend whose products are planted: whoever counts them is above the fault. All else is as it was, and so is what is
 * prepared.
 *
 * @param sound does everything
 * @param plant stands in the place of its products
 * @param memory for operands that a pass has not; closed with the backend
 */
record PlantedBackend(Backend sound, Plant plant, Allocator memory) implements Backend {
    /** Plants. */
    PlantedBackend(Backend sound, Plant plant) {
        this(sound, plant, sound.allocator());
    }

    @Override
    public Products products() {
        return new PlantedProducts(plant, new Hands(sound.products(), sound.products(), memory));
    }

    @Override
    public void close() {
        memory.close();
        sound.close();
    }

    @Override
    public Blas library() {
        return sound.library();
    }

    @Override
    public Clock clock() {
        return sound.clock();
    }

    @Override
    public void prepare(Consumer<Products> rehearsal) {
        sound.prepare(rehearsal);
    }

    @Override
    public Operators operators() {
        return sound.operators();
    }

    @Override
    public Allocator allocator() {
        return sound.allocator();
    }

    @Override
    public TensorLoader loader(Allocator of) {
        return sound.loader(of);
    }

    @Override
    public Tensor view(Tensor tensor, long rows, long columns) {
        return sound.view(tensor, rows, columns);
    }

    @Override
    public void readRow(Tensor tensor, long row, float[] destination) {
        sound.readRow(tensor, row, destination);
    }

    @Override
    public OperandReader operands() {
        return sound.operands();
    }

    @Override
    public RotaryTable rotary(int positions, int headDim, double[] frequencies, double amplitude) {
        return sound.rotary(positions, headDim, frequencies, amplitude);
    }

    @Override
    public KeyValues uncached(Tensor keys, Tensor values, Chunk chunk, AttentionConfig heads) {
        return sound.uncached(keys, values, chunk, heads);
    }

    @Override
    public KeyValues cache(int batch, AttentionConfig heads, int capacity, Allocator of) {
        return sound.cache(batch, heads, capacity, of);
    }

    @Override
    public AttentionOperator attention(
            Attention algorithm,
            List<AttentionConfig> heads,
            Chunk largest,
            int positions,
            Allocator activations,
            Allocator scratch) {
        return sound.attention(algorithm, heads, largest, positions, activations, scratch);
    }

    @Override
    public MachineProbes probes(Allocator of, long arrayBytes) {
        return sound.probes(of, arrayBytes);
    }
}
