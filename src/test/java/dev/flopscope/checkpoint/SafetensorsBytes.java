package dev.flopscope.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes safetensors files, sound ones and, from parts, others. */
public final class SafetensorsBytes {
    private final List<String> entries = new ArrayList<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /** Adds a tensor of {@code type}: the values as F32, or rounded towards zero to BF16 or F16. */
    public SafetensorsBytes tensor(String name, String type, List<Integer> shape, float[] values) {
        int size = type.equals("F32") ? Float.BYTES : Short.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(size * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            put(bytes, type, value);
        }
        return bytes(name, type, shape, bytes.array());
    }

    /** Adds one value of {@code type} to the bytes. */
    static void put(ByteBuffer bytes, String type, float value) {
        switch (type) {
            case "F32" -> bytes.putFloat(value);
            case "BF16" -> bytes.putShort((short) (Float.floatToIntBits(value) >> Short.SIZE));
            default -> bytes.putShort(half(value));
        }
    }

    /** Adds a tensor with these bytes. */
    public SafetensorsBytes bytes(String name, String type, List<Integer> shape, byte[] bytes) {
        entries.add("\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":["
                + data.size() + "," + (data.size() + bytes.length) + "]}");
        data.writeBytes(bytes);
        return this;
    }

    /** Of normal numbers that have a half's exponent: the sign, five bits of exponent and ten of fraction. */
    private static short half(float value) {
        int bits = Float.floatToIntBits(value);
        int exponent = (bits >> 23 & 0xff) - 127 + 15;
        return value == 0 ? 0 : (short) ((bits >> 16 & 0x8000) | exponent << 10 | (bits >> 13 & 0x3ff));
    }

    /** The file. */
    public byte[] file() {
        return file(entries.stream().collect(Collectors.joining(",", "{", "}")), data.toByteArray());
    }

    /** A file of this header and these data. */
    static byte[] file(String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(data)
                .array();
    }

    /** Writes the file. */
    public void write(Path path) {
        try {
            Files.write(path, file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
