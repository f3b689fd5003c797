package dev.flopscope.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.config.BadDataException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void elementsOfAllThreeTypesAreReadFromAnywhere() {
        float[] values = {1, -2.5f, 0, 0x1p-10f, -0.375f, 96};
        new SafetensorsBytes()
                .tensor("a", "F32", List.of(2, 3), values)
                .bytes("mask", "U8", List.of(3), new byte[3])
                .tensor("b", "BF16", List.of(6), values)
                .tensor("c", "F16", List.of(3, 2), values)
                .write(folder.resolve("model.safetensors"));

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.names()).containsExactly("a", "mask", "b", "c");
            assertThat(checkpoint.shape("c")).containsExactly(3L, 2L);
            for (String name : List.of("a", "b", "c")) {
                assertThat(read(checkpoint, name, 0, 6)).as(name).containsExactly(values);
                assertThat(read(checkpoint, name, 2, 3)).as(name).containsExactly(0, 0x1p-10f, -0.375f);
            }
            assertThatThrownBy(() -> read(checkpoint, "mask", 0, 1))
                    .isInstanceOf(BadDataException.class)
                    .hasMessageEndingWith("tensor mask is of U8; F32, F16 and BF16 are read");
        }
    }

    /** More elements than are read at once. */
    @Test
    void longTensorIsReadInPieces() {
        float[] values = new float[(1 << 19) + 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        new SafetensorsBytes()
                .tensor("a", "F32", List.of(values.length), values)
                .write(folder.resolve("x.safetensors"));

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(read(checkpoint, "a", 1, values.length - 1))
                    .isEqualTo(Arrays.copyOfRange(values, 1, values.length));
        }
    }

    /** Rows one after the other, some left out, some again, of two tensors in turns, and some of them longer than a piece. */
    @ParameterizedTest
    @CsvSource({"F32, 100, 3000", "BF16, 100, 3000", "F16, 64, 5001", "F32, 5, 70000", "BF16, 3, 200000"})
    void rowsAreReadInAnyOrder(String type, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = 1 + (i * 31 + i / columns) % 251;
        }
        float[] others = new float[values.length];
        for (int i = 0; i < others.length; i++) {
            others[i] = -values[i];
        }
        new SafetensorsBytes()
                .tensor("a", type, List.of(rows, columns), values)
                .tensor("b", type, List.of(rows, columns), others)
                .write(folder.resolve("x.safetensors"));
        SplittableRandom random = new SplittableRandom(1);

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            int row = 0;
            for (int i = 0; i < 20 * rows; i++) {
                row = switch (random.nextInt(8)) {
                    case 0 -> random.nextInt(rows);
                    case 1 -> row;
                    default -> (row + 1) % rows;
                };
                boolean other = random.nextInt(16) == 0;
                int length = random.nextInt(4) == 0 ? 1 + random.nextInt(columns) : columns;
                assertThat(read(checkpoint, other ? "b" : "a", (long) row * columns, length))
                        .isEqualTo(Arrays.copyOfRange(other ? others : values, row * columns, row * columns + length));
            }
        }
    }

    /** All 65,536 halves, by their definition in IEEE 754: (−1)^s · 2^(e−15) · (1 + f/1024), or 2^−14 · f/1024 if e is 0. */
    @Test
    void everyHalfIsTheNumberThatItIs() {
        byte[] bytes = new byte[2 * 65_536];
        ByteBuffer halves = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int bits = 0; bits < 65_536; bits++) {
            halves.putShort((short) bits);
        }
        new SafetensorsBytes().bytes("h", "F16", List.of(65_536), bytes).write(folder.resolve("x.safetensors"));

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            float[] read = read(checkpoint, "h", 0, 65_536);
            for (int bits = 0; bits < 65_536; bits++) {
                int exponent = bits >> 10 & 31;
                double fraction = (bits & 1023) / 1024.0;
                double magnitude = exponent == 31
                        ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                        : exponent == 0 ? Math.pow(2, -14) * fraction : Math.pow(2, exponent - 15) * (1 + fraction);
                // Boxed, since NaN equals itself so.
                assertThat((Float) read[bits]).as("bits %x", bits).isEqualTo((Float)
                        (float) (bits < 32_768 ? magnitude : -magnitude));
            }
        }
    }

    @Test
    void indexSaysWhichFilesAreReadAndOthersAreNot() throws IOException {
        new SafetensorsBytes().tensor("a", "F32", List.of(1), new float[] {1}).write(folder.resolve("1.safetensors"));
        new SafetensorsBytes().tensor("b", "F32", List.of(1), new float[] {2}).write(folder.resolve("2.safetensors"));
        new SafetensorsBytes().tensor("a", "F32", List.of(1), new float[] {3}).write(folder.resolve("3.safetensors"));
        index("{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"}}");

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(read(checkpoint, "a", 0, 1)).containsExactly(1);
            assertThat(read(checkpoint, "b", 0, 1)).containsExactly(2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | must have a weight_map",
                "{\"weight_map\":{}} | must have a weight_map",
                "{\"weight_map\":{\"a\":\"1.safetensors\"}} x | is not JSON",
                "{\"weight_map\":{\"a\":\"1.safetensors\",\"a\":\"1.safetensors\"}} | is not JSON: Duplicate",
                "{\"weight_map\":{\"a\":1}} | tensor a must be in a file of this folder: weight_map=1",
                "{\"weight_map\":{\"a\":\"../1.safetensors\"}} | must be in a file of this folder",
                "{\"weight_map\":{\"a\":\"/etc/1.safetensors\"}} | must be in a file of this folder",
                "{\"weight_map\":{\"a\":\"..\\\\1.safetensors\"}} | must be in a file of this folder",
                "{\"weight_map\":{\"a\":\"..\"}} | must be in a file of this folder",
                "{\"weight_map\":{\"a\":\"2.safetensors\"}} | 2.safetensors: cannot be read",
                "{\"weight_map\":{\"b\":\"1.safetensors\"}} | tensor b is not in 1.safetensors, where the index has it",
            })
    void indexThatCannotBeIsRefused(String text, String message) throws IOException {
        new SafetensorsBytes().tensor("a", "F32", List.of(1), new float[] {1}).write(folder.resolve("1.safetensors"));
        index(text);

        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(message);
    }

    @Test
    void tensorInTwoFilesIsRefused() {
        for (String name : List.of("1", "2")) {
            new SafetensorsBytes()
                    .tensor("a", "F32", List.of(1), new float[] {1})
                    .write(folder.resolve(name + ".safetensors"));
        }

        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("2.safetensors: tensor a is in ")
                .hasMessageEndingWith("1.safetensors as well");
    }

    @ParameterizedTest
    @ValueSource(strings = {"consolidated.00.pth", "params.json", "model.gguf", "pytorch_model.bin"})
    void folderInAnotherFormatSaysWhatItIs(String file) throws IOException {
        Files.createFile(folder.resolve(file));

        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(" and " + file + " is a ");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 'has 0 bytes, fewer than the length of a header'",
        "7, 'has 7 bytes, fewer than the length of a header'",
    })
    void shortFileIsRefused(int bytes, String message) throws IOException {
        Files.write(folder.resolve("x.safetensors"), new byte[bytes]);

        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(BadDataException.class)
                .hasMessageEndingWith(message);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, must be at most 100000000 bytes: 18446744073709551615",
        "100000001, must be at most 100000000 bytes: 100000001",
        "100000000, 'the header ends at byte 100000008, and the file has 10 bytes'",
        "3, 'the header ends at byte 11, and the file has 10 bytes'",
        "2, 'the header must begin with {'",
    })
    void lengthThatTheHeaderCannotHaveIsRefusedBeforeAnyIsAllocated(long length, String message) throws IOException {
        Files.write(
                folder.resolve("x.safetensors"),
                ByteBuffer.allocate(10)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(length)
                        .array());

        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(message);
    }

    @Test
    void fileThatShrinksWhileItIsOpenIsAnError() throws IOException {
        Path file = folder.resolve("x.safetensors");
        new SafetensorsBytes()
                .tensor("a", "F32", List.of(4_096), new float[4_096])
                .write(file);

        try (Checkpoint checkpoint = Checkpoint.open(folder);
                RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(cut.length() - 1);

            assertThat(read(checkpoint, "a", 0, 4_000)).hasSize(4_000);
            assertThatThrownBy(() -> read(checkpoint, "a", 4_000, 96))
                    .isInstanceOf(BadDataException.class)
                    .hasMessageEndingWith("; it is shorter than it was");
        }
    }

    private void index(String text) throws IOException {
        Files.writeString(folder.resolve("model.safetensors.index.json"), text, StandardCharsets.UTF_8);
    }

    private static float[] read(Checkpoint checkpoint, String name, long first, int count) {
        float[] values = new float[count];
        checkpoint.read(name, first, values);
        return values;
    }
}
