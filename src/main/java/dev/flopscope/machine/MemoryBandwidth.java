package dev.flopscope.machine;

/**
 * How fast memory is read and written, in bytes a second, all threads together, over arrays larger than the caches.
 *
 * <p>As in STREAM (McCalpin 1995), the bytes are those that the program asks for. Stores are plain ones: the processor
 * reads a line before it is written, and that reading is not counted, so that writing moves up to twice its figure.
 *
 * @param read reading one array
 * @param write writing one array
 * @param triad a = b + q·c: reading two arrays and writing a third
 * @param arrayBytes the size of one array
 */
public record MemoryBandwidth(Rate read, Rate write, Rate triad, long arrayBytes) {
    MemoryBandwidth faster(MemoryBandwidth other) {
        return new MemoryBandwidth(
                read.faster(other.read), write.faster(other.write), triad.faster(other.triad), arrayBytes);
    }
}
