package dev.flopscope.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.config.BadDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand files that were sound before a random change. Each is refused in one line, or read; and what is read is what the
 * file's own header says, as another parser reads it.
 */
class CheckpointMutationTest {
    private static final int MUTATIONS = 1_000;
    private static final ObjectMapper OTHER = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void changedFileIsRefusedInOneLineOrReadAsItsHeaderSays() throws IOException {
        Random random = new Random(4);
        Path file = folder.resolve("model.safetensors");
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] changed = mutated(sound(random), random);
            Files.write(file, changed);
            try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                requireItsOwnValues(checkpoint, changed);
            } catch (BadDataException e) {
                refused++;
                assertThat(e.getMessage()).hasLineCount(1).startsWith(file + ": ");
            }
        }
        // Changes of data are no faults of the format.
        assertThat(refused).isBetween(MUTATIONS / 2, MUTATIONS - 50);
    }

    private static byte[] sound(Random random) {
        SafetensorsBytes bytes = new SafetensorsBytes();
        for (int tensor = 0; tensor < 4; tensor++) {
            int rows = 1 + random.nextInt(3);
            float[] values = new float[rows * 2];
            for (int i = 0; i < values.length; i++) {
                values[i] = tensor + i * 0.125f;
            }
            bytes.tensor("t" + tensor, List.of("F32", "BF16", "F16").get(random.nextInt(3)), List.of(rows, 2), values);
        }
        return bytes.file();
    }

    private static byte[] mutated(byte[] file, Random random) {
        int header = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        switch (random.nextInt(8)) {
            case 0 -> {
                return Arrays.copyOf(file, random.nextInt(file.length));
            }
            case 1 -> {
                return Arrays.copyOf(file, file.length + 1 + random.nextInt(9));
            }
            case 2 -> {
                byte[] other = file.clone();
                other[random.nextInt(Long.BYTES)] ^= (byte) (1 << random.nextInt(8));
                return other;
            }
            case 3 -> {
                byte[] other = file.clone();
                other[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
                return other;
            }
            case 4 -> {
                return withDigit(file, header, random);
            }
            case 5 -> {
                return withText(file, header, "\"t0\":", "\"t1\":");
            }
            case 6 -> {
                return withText(file, header, "\"shape\":", "\"x\":" + "[".repeat(500_000) + ",\"shape\":");
            }
            default -> {
                return withText(file, header, "}", " ".repeat(random.nextInt(3)) + "}");
            }
        }
    }

    private static byte[] withDigit(byte[] file, int header, Random random) {
        byte[] other = file.clone();
        List<Integer> digits = new ArrayList<>();
        for (int i = Long.BYTES; i < Long.BYTES + header; i++) {
            if (Character.isDigit(file[i])) {
                digits.add(i);
            }
        }
        other[digits.get(random.nextInt(digits.size()))] = (byte) ('0' + random.nextInt(10));
        return other;
    }

    /** With another text in the header, whose length is put right. */
    private static byte[] withText(byte[] file, int header, String old, String by) {
        String text = new String(file, Long.BYTES, header, StandardCharsets.UTF_8).replace(old, by);
        return SafetensorsBytes.file(text, Arrays.copyOfRange(file, Long.BYTES + header, file.length));
    }

    private static void requireItsOwnValues(Checkpoint checkpoint, byte[] file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong();
        JsonNode tensors = OTHER.readTree(new String(file, Long.BYTES, header, StandardCharsets.UTF_8));
        for (String name : checkpoint.names()) {
            JsonNode tensor = tensors.path(name);
            if (List.of("F32", "BF16").contains(tensor.path("dtype").asText())) {
                int begin = Long.BYTES
                        + header
                        + tensor.path("data_offsets").path(0).asInt();
                int end = Long.BYTES
                        + header
                        + tensor.path("data_offsets").path(1).asInt();
                int size = tensor.path("dtype").asText().equals("F32") ? Float.BYTES : Short.BYTES;
                float[] values = new float[(end - begin) / size];
                checkpoint.read(name, 0, values);
                for (int i = 0; i < values.length; i++) {
                    int bits = size == Float.BYTES
                            ? bytes.getInt(begin + i * size)
                            : bytes.getShort(begin + i * size) << Short.SIZE;
                    assertThat(Float.floatToRawIntBits(values[i])).isEqualTo(bits);
                }
            }
        }
    }
}
