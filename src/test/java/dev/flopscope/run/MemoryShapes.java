package dev.flopscope.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A hundred runs of one to three GiB, of all kinds of what takes memory: each a model's JSON and a command line. */
final class MemoryShapes {
    private MemoryShapes() {}

    /**
     * One run.
     *
     * @param config the model in this project's own keys
     * @param options the command line after {@code run MODEL}
     */
    record Shape(String config, String options) {}

    /** The runs, the first of each kind first. */
    static List<Shape> all() {
        List<List<Shape>> kinds = List.of(
                weights(), deep(), wide(), activations(), batches(), tiles(), caches(), logits(), whole(), experts());
        List<Shape> all = new ArrayList<>();
        for (int turn = 0; turn < 10; turn++) {
            for (List<Shape> kind : kinds) {
                all.add(kind.get(turn));
            }
        }
        return all;
    }

    private static String model(int vocab, int layers, int d, int heads, int kvHeads, int ff, String more) {
        return "{\"vocab_size\":" + vocab + ",\"context_length\":1024,\"num_layers\":" + layers + ",\"d_model\":" + d
                + ",\"num_heads\":" + heads + ",\"num_kv_heads\":" + kvHeads + ",\"d_ff\":" + ff + more + "}";
    }

    private static final String GELU = ",\"feed_forward\":\"gelu\",\"tie_embeddings\":true";

    private static String engine(Random random) {
        return random.nextInt(3) == 0 ? " --engine openblas" : "";
    }

    private static List<Shape> weights() {
        Random random = new Random(1);
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int d = 512 + 100 * random.nextInt(12);
            int ff = 4 * d - 37 * random.nextInt(3);
            int layers = (int) (260_000_000L / (4L * d * d + 3L * d * ff)) + 1 + random.nextInt(10);
            int heads = 2 * (1 + random.nextInt(2));
            shapes.add(new Shape(
                    model(10_000, layers, d, heads, random.nextBoolean() ? heads : heads / 2, ff, ",\"head_dim\":64"),
                    "--context 32" + engine(random)));
        }
        return shapes;
    }

    private static List<Shape> deep() {
        Random random = new Random(2);
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            shapes.add(new Shape(
                    model(
                            200,
                            18_000 + random.nextInt(20_000),
                            16,
                            2,
                            2,
                            16 + random.nextInt(32),
                            i % 3 == 2 ? GELU : ""),
                    "--context 8"));
        }
        return shapes;
    }

    private static List<Shape> wide() {
        Random random = new Random(3);
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            shapes.add(new Shape(
                    model(1_000, 1, 256, 4, 4, 250_000 + random.nextInt(250_000), i % 3 == 2 ? GELU : ""),
                    "--context " + (16 + random.nextInt(64)) + (i % 4 == 3 ? " --engine openblas" : "")));
        }
        return shapes;
    }

    private static List<Shape> activations() {
        Random random = new Random(4);
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            shapes.add(new Shape(
                    model(500, 2, 128, 4, 2, 2_000 + random.nextInt(4_000), i % 3 == 2 ? GELU : ""),
                    "--batch " + (200 + random.nextInt(200)) + " --context 256 --logits last" + engine(random)));
        }
        return shapes;
    }

    private static List<Shape> batches() {
        Random random = new Random(5);
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            boolean full = i % 3 == 1;
            shapes.add(new Shape(
                    model(10, 1 + random.nextInt(2), 16, 2 + 2 * random.nextInt(2), 2, 16, ""),
                    "--batch " + (300_000 + random.nextInt(200_000)) + " --context 2"
                            + (full ? " --attention full" : "")));
        }
        return shapes;
    }

    private static List<Shape> tiles() {
        Random random = new Random(6);
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int side = 4_000 + 500 * random.nextInt(4);
            shapes.add(new Shape(
                    model(1_000, 1, 64, 2, 1, 128, ""),
                    "--context " + side + " --tile " + side + "x" + side + " --threads " + (6 + random.nextInt(4))
                            + (i % 2 == 0 ? " --attention causal" : "")));
        }
        return shapes;
    }

    private static List<Shape> caches() {
        Random random = new Random(7);
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            shapes.add(new Shape(
                    model(1_000, 12, 512, 8, i % 2 == 0 ? 8 : 4, 512, ""),
                    "--context " + (4_000 + random.nextInt(4_000)) + " --chunk 500 --batch " + (8 + random.nextInt(4))
                            + " --weights shared --logits last" + (i % 3 == 2 ? " --decode 3" : "")));
        }
        return shapes;
    }

    private static List<Shape> logits() {
        Random random = new Random(8);
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            shapes.add(new Shape(
                    model(50_000 + random.nextInt(100_000), 2, 64, 2, 2, 128, i % 2 == 0 ? GELU : ""),
                    "--context " + (4_000 + random.nextInt(3_000)) + engine(random)));
        }
        return shapes;
    }

    private static List<Shape> whole() {
        Random random = new Random(9);
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            shapes.add(new Shape(
                    model(500, 1, 64, 2, 2, 64, ""),
                    "--attention full --context " + (16_000 + random.nextInt(4_000)) + engine(random)));
        }
        return shapes;
    }

    /** Mixtures in the keys of Hugging Face. */
    private static List<Shape> experts() {
        Random random = new Random(10);
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int experts = 4 + random.nextInt(28);
            int ff = (int) (240_000_000L / (3L * 384 * 4 * experts)) + random.nextInt(100);
            shapes.add(new Shape(
                    "{\"model_type\":\"mixtral\",\"vocab_size\":1000,\"hidden_size\":384,\"intermediate_size\":" + ff
                            + ",\"num_hidden_layers\":4,\"num_attention_heads\":4,\"num_key_value_heads\":2,"
                            + "\"num_local_experts\":" + experts + ",\"num_experts_per_tok\":2,"
                            + "\"max_position_embeddings\":1024}",
                    "--context 64" + engine(random)));
        }
        return shapes;
    }
}
