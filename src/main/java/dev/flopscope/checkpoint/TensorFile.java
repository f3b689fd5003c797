package dev.flopscope.checkpoint;

import dev.flopscope.config.BadDataException;
import dev.flopscope.config.TextFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * One open safetensors file. It is read by position and never mapped: a mapped file that shrinks ends the JVM, while one that is
 * read is found to be too short.
 */
final class TensorFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final long data;
    private final List<TensorEntry> tensors;

    private TensorFile(Path path, FileChannel channel, long data, List<TensorEntry> tensors) {
        this.path = path;
        this.channel = channel;
        this.data = data;
        this.tensors = tensors;
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws BadDataException if it cannot be read, or its header breaks a rule of the format
     */
    static TensorFile open(Path path) {
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            try {
                return open(path, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new BadDataException(path.toString(), "cannot be read: " + TextFile.reason(e), e);
        }
    }

    private static TensorFile open(Path path, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < Long.BYTES) {
            throw new BadDataException(path.toString(), "has " + size + " bytes, fewer than the length of a header");
        }
        long length = bytes(path, channel, 0, ByteBuffer.allocate(Long.BYTES)).getLong();
        if (length < 0 || length > SafetensorsHeader.LONGEST) {
            throw new BadDataException(
                    path.toString(),
                    "the header's length must be at most " + SafetensorsHeader.LONGEST + " bytes: "
                            + Long.toUnsignedString(length));
        }
        long data = Long.BYTES + length;
        if (data > size) {
            throw new BadDataException(
                    path.toString(), "the header ends at byte " + data + ", and the file has " + size + " bytes");
        }
        ByteBuffer header = bytes(path, channel, Long.BYTES, ByteBuffer.allocate((int) length));
        return new TensorFile(path, channel, data, SafetensorsHeader.read(path.toString(), header, size - data));
    }

    /** Fills a buffer from {@code position} on. */
    private static ByteBuffer bytes(Path path, FileChannel channel, long position, ByteBuffer buffer)
            throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new BadDataException(
                        path.toString(),
                        "ends before byte " + (position + buffer.limit()) + "; it is shorter than it was");
            }
        }
        return buffer.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** What messages call it. */
    String name() {
        return path.toString();
    }

    /** Its tensors, in the order of their bytes. */
    List<TensorEntry> tensors() {
        return tensors;
    }

    /**
     * Fills {@code buffer} with the bytes of a tensor from its byte {@code first} on, lowest byte of each element first.
     *
     * @throws BadDataException if the file has become shorter, or cannot be read
     */
    void read(TensorEntry tensor, long first, ByteBuffer buffer) {
        try {
            bytes(path, channel, data + tensor.begin() + first, buffer);
        } catch (IOException e) {
            throw new BadDataException(path.toString(), "cannot be read: " + TextFile.reason(e), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new BadDataException(path.toString(), "cannot be closed: " + TextFile.reason(e), e);
        }
    }
}
