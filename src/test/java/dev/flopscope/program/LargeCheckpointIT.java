package dev.flopscope.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.program.Program.Outcome;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checkpoint of LLaMA's block in bfloat16, one layer of it or, with {@code -Plarge}, two billion parameters: it is loaded and
 * run, and the time is printed beside that of reading the file once.
 */
final class LargeCheckpointIT {
    private static final int LAYERS = Integer.getInteger("large.layers", 1);
    private static final int D = LAYERS == 1 ? 256 : 2_560;
    private static final int FF = 4 * D;
    private static final int V = 32_000;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void checkpointLoadsAndItsCountsAgree() throws Exception {
        Map<String, int[]> tensors = tensors();
        long parameters =
                tensors.values().stream().mapToLong(LargeCheckpointIT::elements).sum();
        Path file = folder.resolve("model.safetensors");
        write(file, tensors);
        Files.writeString(
                folder.resolve("config.json"),
                String.format(
                        Locale.ROOT,
                        "{\"model_type\":\"llama\",\"vocab_size\":%d,\"hidden_size\":%d,\"intermediate_size\":%d,"
                                + "\"num_hidden_layers\":%d,\"num_attention_heads\":%d,\"tie_word_embeddings\":false}",
                        V,
                        D,
                        FF,
                        LAYERS,
                        D / 64));

        long start = System.nanoTime();
        long read = read(file);
        double reading = (System.nanoTime() - start) / 1e9;
        Outcome outcome = Program.in(folder).run("run", folder.toString(), "--context", "16", "--format", "json");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        JsonNode json = new ObjectMapper().readTree(outcome.out());
        assertThat(json.at("/parameters/allocated").asLong()).isEqualTo(parameters);
        assertThat(json.at("/agrees").asBoolean()).isTrue();
        System.out.printf(
                Locale.ROOT,
                "%,d parameters, %,d bytes: read once from the page cache in %.2f s, prepared in %.2f s, peak %,d bytes%n",
                parameters,
                read,
                reading,
                json.at("/preparation_seconds").asDouble(),
                json.at("/peak_resident_bytes").asLong());
    }

    private static Map<String, int[]> tensors() {
        Map<String, int[]> tensors = new LinkedHashMap<>();
        tensors.put("model.embed_tokens.weight", new int[] {V, D});
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "model.layers." + layer + ".";
            tensors.put(prefix + "input_layernorm.weight", new int[] {D});
            for (String name : new String[] {"q", "k", "v", "o"}) {
                tensors.put(prefix + "self_attn." + name + "_proj.weight", new int[] {D, D});
            }
            tensors.put(prefix + "post_attention_layernorm.weight", new int[] {D});
            tensors.put(prefix + "mlp.gate_proj.weight", new int[] {FF, D});
            tensors.put(prefix + "mlp.up_proj.weight", new int[] {FF, D});
            tensors.put(prefix + "mlp.down_proj.weight", new int[] {D, FF});
        }
        tensors.put("model.norm.weight", new int[] {D});
        tensors.put("lm_head.weight", new int[] {V, D});
        return tensors;
    }

    private static long elements(int[] shape) {
        long elements = 1;
        for (int extent : shape) {
            elements *= extent;
        }
        return elements;
    }

    private static void write(Path file, Map<String, int[]> tensors) throws IOException {
        StringBuilder header = new StringBuilder("{");
        long end = 0;
        for (Map.Entry<String, int[]> tensor : tensors.entrySet()) {
            long begin = end;
            end += 2 * elements(tensor.getValue());
            header.append(header.length() == 1 ? "" : ",")
                    .append(String.format(
                            Locale.ROOT,
                            "\"%s\":{\"dtype\":\"BF16\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
                            tensor.getKey(),
                            Arrays.toString(tensor.getValue()),
                            begin,
                            end));
        }
        byte[] text = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        byte[] pattern = new byte[1 << 20];
        for (int i = 0; i < pattern.length; i += 2) {
            // From about 0.008 to 0.03, of both signs.
            pattern[i] = (byte) (i * 31);
            pattern[i + 1] = (byte) (i % 6 == 0 ? 0xbc : 0x3c);
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(text.length)
                    .array());
            out.write(text);
            for (long left = end; left > 0; left -= pattern.length) {
                out.write(pattern, 0, (int) Math.min(left, pattern.length));
            }
        }
    }

    private static long read(Path file) throws IOException {
        byte[] buffer = new byte[1 << 20];
        long bytes = 0;
        try (var in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                bytes += count;
            }
        }
        return bytes;
    }
}
