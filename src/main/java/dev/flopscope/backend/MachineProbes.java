package dev.flopscope.backend;

import dev.flopscope.machine.MultiplyAddLoop;

/** Work that shows what a backend's machine reaches, whatever the model. */
public interface MachineProbes {
    /** Multiply-adds, and the loop that does them. */
    interface MultiplyAdds extends Probe {
        /** Which loop it is. */
        MultiplyAddLoop loop();
    }

    /** Multiply-adds that nothing but the units that do them can limit, in GFLOP/s. */
    MultiplyAdds multiplyAdds();

    /** Reading one array from memory, in bytes a second. */
    Probe read();

    /** Writing one array to memory, in bytes a second. */
    Probe write();

    /** The triad a = b + q·c, in bytes a second. */
    Probe triad();

    /** The size of one array in bytes. */
    long arrayBytes();

    /**
     * Attention's two products of a tile, scores = Q·Kᵀ and scores·V, as many tiles at once as the backend computes at once;
     * in GFLOP/s.
     *
     * @param queries rows of the tile of scores
     * @param keys columns of the tile of scores
     * @param headDim d
     */
    Probe tiles(int queries, int keys, int headDim);
}
