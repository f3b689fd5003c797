package dev.flopscope.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flopscope.config.BadDataException;
import dev.flopscope.config.CheckpointFormats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The tensors of all {@code .safetensors} files of a folder: F32, F16 and BF16, read where they are. */
public final class SafetensorsFolder implements StoredTensors, AutoCloseable {
    private static final long LONGEST_HEADER = 100_000_000;
    private static final int MOST_BYTES_AT_ONCE = 1 << 24;

    private final Path folder;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<FileChannel> files = new ArrayList<>();

    private record Entry(FileChannel file, Path path, String type, List<Long> shape, long start) {
        int bytes() {
            return type.equals("F32") ? Float.BYTES : Short.BYTES;
        }

        long elements() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }
    }

    private SafetensorsFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads the headers.
     *
     * @throws BadDataException if there is no such file, or one is not well formed
     */
    public static SafetensorsFolder open(Path folder) {
        SafetensorsFolder opened = new SafetensorsFolder(folder);
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> parts = all.filter(file -> file.getFileName().toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
            if (parts.isEmpty()) {
                throw CheckpointFormats.lacks(folder, ".safetensors file");
            }
            for (Path part : parts) {
                opened.add(part);
            }
            return opened;
        } catch (IOException e) {
            opened.close();
            throw new BadDataException(folder.toString(), "cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void add(Path path) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        files.add(file);
        long length = bytes(file, path, 0, Long.BYTES).getLong();
        if (length < 2 || length > LONGEST_HEADER || length > file.size() - Long.BYTES) {
            throw new BadDataException(path.toString(), "the header's length cannot be " + length);
        }
        String text = StandardCharsets.UTF_8
                .decode(bytes(file, path, Long.BYTES, (int) length))
                .toString();
        JsonNode header;
        try {
            header = JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build()
                    .readTree(text);
        } catch (JsonProcessingException e) {
            throw new BadDataException(path.toString(), "the header is not JSON: " + e.getOriginalMessage(), e);
        }
        long data = Long.BYTES + length;
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (!field.getKey().equals("__metadata__")) {
                add(file, path, data, field.getKey(), field.getValue());
            }
        }
    }

    private void add(FileChannel file, Path path, long data, String name, JsonNode tensor) throws IOException {
        List<Long> shape = new ArrayList<>();
        tensor.path("shape").forEach(extent -> shape.add(extent.asLong(-1)));
        String type = tensor.path("dtype").asText();
        long start = tensor.path("data_offsets").path(0).asLong(-1);
        long end = tensor.path("data_offsets").path(1).asLong(-1);
        Entry entry = new Entry(file, path, type, shape, Math.addExact(data, start));
        boolean sound = start >= 0
                && end <= file.size() - data
                && shape.stream().allMatch(extent -> extent >= 0)
                && Set.of("F32", "F16", "BF16").contains(type)
                && end - start == Math.multiplyExact(entry.elements(), entry.bytes());
        if (!sound) {
            throw new BadDataException(path.toString(), "tensor " + name + " has an entry that cannot be: " + tensor);
        }
        if (entries.put(name, entry) != null) {
            throw new BadDataException(folder.toString(), "tensor " + name + " is there twice");
        }
    }

    private static ByteBuffer bytes(FileChannel file, Path path, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, position + buffer.position()) < 0) {
                throw new BadDataException(path.toString(), "ends before byte " + (position + length));
            }
        }
        return buffer.flip();
    }

    @Override
    public Set<String> names() {
        return entries.keySet();
    }

    @Override
    public List<Long> shape(String name) {
        return entry(name).shape();
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("no tensor " + name);
        }
        return entry;
    }

    @Override
    public void read(String name, long first, long step, float[] values) {
        Entry entry = entry(name);
        int size = entry.bytes();
        int atOnce = Math.toIntExact(Math.max(1, Math.min(values.length, MOST_BYTES_AT_ONCE / (size * step))));
        try {
            for (int done = 0; done < values.length; done += atOnce) {
                int count = Math.min(atOnce, values.length - done);
                long position = entry.start() + (first + done * step) * size;
                ByteBuffer bytes =
                        bytes(entry.file(), entry.path(), position, Math.toIntExact(((count - 1) * step + 1) * size));
                for (int i = 0; i < count; i++) {
                    values[done + i] = element(entry.type(), bytes, Math.toIntExact(i * step * size));
                }
            }
        } catch (IOException e) {
            throw new BadDataException(entry.path().toString(), "cannot be read: " + e.getMessage(), e);
        }
    }

    private static float element(String type, ByteBuffer bytes, int at) {
        return switch (type) {
            case "F32" -> bytes.getFloat(at);
            case "BF16" -> Float.intBitsToFloat(bytes.getShort(at) << 16);
            default -> half(bytes.getShort(at));
        };
    }

    /** IEEE 754 binary16: five bits of exponent, ten of fraction. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude = exponent == 0
                ? fraction * 0x1p-24f
                : exponent == 0x1f
                        ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
                        : Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
        return bits < 0 ? -magnitude : magnitude;
    }

    @Override
    public void close() {
        for (FileChannel file : files) {
            try {
                file.close();
            } catch (IOException e) {
                throw new BadDataException(folder.toString(), "cannot be closed: " + e.getMessage(), e);
            }
        }
    }
}
