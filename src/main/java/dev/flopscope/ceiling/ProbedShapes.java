package dev.flopscope.ceiling;

import dev.flopscope.count.MatmulShape;

/**
 * The products that show what their classes reach. They are large enough that all the units of the machine have work until the
 * end: on a GPU, a product of a thousand rows leaves a quarter of the multiprocessors without a last piece of it.
 *
 * @param large a product of a weight
 * @param scores a tile of scores of one head, (queries×d)·(d×keys)
 * @param heads how many such tiles are computed at once; 0 if that is the number of threads
 */
public record ProbedShapes(MatmulShape large, MatmulShape scores, int heads) {
    /** GPT-2 XL's gate at 1,024 tokens, and the tile of attention that stays in a core's cache. */
    public static final ProbedShapes OF_A_PROCESSOR =
            new ProbedShapes(new MatmulShape(1024, 1600, 6400), new MatmulShape(256, 64, 256), 0);

    /** GPT-2 XL's gate at 16,384 tokens, and scores of 1 GiB: thousands of the pieces of 128×128 of which they are made. */
    public static final ProbedShapes OF_A_GPU =
            new ProbedShapes(new MatmulShape(16_384, 1600, 6400), new MatmulShape(4096, 64, 4096), 16);

    /** What the operands and results take that are there at once, in bytes. */
    long bytes() {
        return large.compulsoryBytes() + heads * scores.compulsoryBytes();
    }
}
