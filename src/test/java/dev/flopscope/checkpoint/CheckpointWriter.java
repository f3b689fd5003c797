package dev.flopscope.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Writes config.json and safetensors files of seeded weights. A tensor is written in pieces, so that a file may be larger than
 * memory.
 *
 * @param type F32, F16 or BF16
 * @param shards how many files the tensors are dealt out to; more than one have an index beside them
 * @param seed of the weights, which are the same in every number of shards
 */
public record CheckpointWriter(String type, int shards, long seed) {
    private static final int PIECE = 1 << 16;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Writes every tensor that the published layout has for {@code config}. */
    public void write(Path folder, JsonNode config) throws IOException {
        write(folder, config, CheckpointLayout.tensors(config));
    }

    /** Writes these tensors, which need not fit {@code config}. */
    public void write(Path folder, JsonNode config, Map<String, List<Long>> tensors) throws IOException {
        MAPPER.writeValue(folder.resolve("config.json").toFile(), config);
        List<String> names = new ArrayList<>(tensors.keySet());
        ObjectNode index = MAPPER.createObjectNode();
        index.putObject("metadata")
                .put("total_size", bytes(tensors.values().stream().toList()));
        ObjectNode where = index.putObject("weight_map");
        for (int shard = 0; shard < shards; shard++) {
            int end = names.size() * (shard + 1) / shards;
            List<String> part = names.subList(names.size() * shard / shards, end);
            String file = shards == 1
                    ? "model.safetensors"
                    : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", shard + 1, shards);
            part.forEach(name -> where.put(name, file));
            writeFile(folder.resolve(file), part, tensors);
        }
        if (shards > 1) {
            MAPPER.writeValue(folder.resolve("model.safetensors.index.json").toFile(), index);
        }
    }

    private void writeFile(Path file, List<String> names, Map<String, List<Long>> tensors) throws IOException {
        ObjectNode header = MAPPER.createObjectNode();
        long begin = 0;
        for (String name : names) {
            List<Long> shape = tensors.getOrDefault(name, List.of());
            long end = begin + bytes(List.of(shape));
            ObjectNode entry = header.putObject(name).put("dtype", type);
            shape.forEach(entry.putArray("shape")::add);
            entry.putArray("data_offsets").add(begin).add(end);
            begin = end;
        }
        byte[] text = MAPPER.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(text.length)
                    .array());
            out.write(text);
            for (String name : names) {
                writeTensor(out, name, elements(tensors.getOrDefault(name, List.of())));
            }
        }
    }

    private void writeTensor(OutputStream out, String name, long elements) throws IOException {
        SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
        ByteBuffer piece = ByteBuffer.allocate(PIECE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long left = elements; left > 0; left -= PIECE) {
            piece.clear();
            for (long i = Math.min(left, PIECE); i > 0; i--) {
                SafetensorsBytes.put(piece, type, value(random.nextInt()));
            }
            out.write(piece.array(), 0, piece.position());
        }
    }

    /** From 0.01 to 0.11, of both signs: a half has all of them as normal numbers. */
    private static float value(int bits) {
        float size = 0.01f + 0.1f * (bits >>> 8) / (1 << 24);
        return (bits & 1) == 0 ? size : -size;
    }

    private long bytes(List<List<Long>> shapes) {
        int size = type.equals("F32") ? Float.BYTES : Short.BYTES;
        return size * shapes.stream().mapToLong(CheckpointWriter::elements).sum();
    }

    /** How many elements a tensor of this shape has. */
    public static long elements(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
