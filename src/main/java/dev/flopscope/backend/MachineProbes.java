package dev.flopscope.backend;

import dev.flopscope.count.MatmulShape;
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
     * Attention's two products of a tile, scores = Q·Kᵀ and scores·V; in GFLOP/s. Where the two are computed apart, as on a GPU,
     * it is the rate of the faster one.
     *
     * @param scores of a tile: (queries×d)·(d×keys)
     * @param heads how many tiles are computed at once; 0 for one on each thread
     */
    Probe tiles(MatmulShape scores, int heads);
}
