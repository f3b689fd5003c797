package dev.flopscope.flops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.TestModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The closed forms of every phase against a program that lists its products one by one. */
class ListedProductsTest {
    /** The list knows no experts and no latent attention; their sites have witnesses in the passes. */
    static final List<ModelConfig> MODELS = SmallModels.OF_USUAL_BLOCKS;

    static Stream<Integer> windows() {
        return IntStream.rangeClosed(0, 5).boxed();
    }

    /** Two heads share a key/value head. A window of 0 stands for none. */
    @ParameterizedTest
    @MethodSource("windows")
    void everyChunkTileAndWindowOfAGroupedLayer(int window) {
        TestModels.Builder builder = TestModels.builder("one layer")
                .vocab(3)
                .dModel(5)
                .heads(4)
                .kvHeads(2)
                .headDim(2)
                .dFf(3);
        ModelConfig model = (window == 0 ? builder : builder.window(window)).build();
        List<Phase> phases = phases(5);
        for (Attention attention : attentions()) {
            for (Phase phase : phases) {
                requireListed(model, phase, attention);
            }
        }
    }

    /** Prompts and chunks after a cache, in chunks of every size; those of one query are decoded tokens but for the name. */
    private static List<Phase> phases(int mostPast) {
        List<Phase> phases = new ArrayList<>();
        for (int batch = 1; batch <= 2; batch++) {
            for (int tokens = 1; tokens <= 7; tokens++) {
                for (int queries = 1; queries <= tokens; queries++) {
                    for (int past = 0; past < mostPast; past++) {
                        LogitsRows logits = (tokens + queries + past) % 2 == 0 ? LogitsRows.ALL : LogitsRows.LAST;
                        phases.add(new Phase(Phase.Name.PREFILL, batch, past, tokens, queries, logits));
                    }
                }
                phases.add(Phase.decode(batch, tokens % 5, tokens));
            }
        }
        return phases;
    }

    private static List<Attention> attentions() {
        List<Attention> attentions = new ArrayList<>(List.of(Attention.full()));
        for (int rows = 1; rows <= 4; rows++) {
            for (int columns = 1; columns <= 4; columns++) {
                attentions.add(new Attention(Algorithm.TILED, rows, columns));
                attentions.add(new Attention(Algorithm.CAUSAL, rows, columns));
            }
        }
        return attentions;
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void everySiteOfEverySmallModel(ModelConfig model) {
        for (Attention attention : List.of(
                Attention.full(), new Attention(Algorithm.TILED, 2, 3), new Attention(Algorithm.CAUSAL, 3, 2))) {
            for (Phase phase : phases(3)) {
                requireListed(model, phase, attention);
            }
        }
    }

    private static void requireListed(ModelConfig model, Phase phase, Attention attention) {
        ListedProducts listed = new ListedProducts(model, phase, attention);
        Account account = Account.of(model, List.of(phase), attention);
        PhaseAccount closed = account.prefill();
        Map<String, Map<String, Long>> calls = new TreeMap<>();
        Map<String, Long> flops = new TreeMap<>();
        for (SiteAccount site : closed.sites()) {
            calls.put(site.site().toString(), calls(site.form().shapes()));
            flops.put(site.site().toString(), site.form().flops());
        }
        // Looked at first, since a description of each of so many cases would take most of the time.
        boolean equal = calls.equals(listed.calls)
                && flops.equals(listed.flops)
                && closed.flops() == listed.allFlops
                && closed.compulsoryBytes() == listed.allBytes
                && closed.usefulAttentionFlops() == listed.usefulFlops
                && closed.components().total() == listed.allFlops;
        if (!equal) {
            String where = model.name() + ", " + phase + ", " + attention;
            assertThat(calls).as(where).isEqualTo(listed.calls);
            assertThat(flops).as(where).isEqualTo(listed.flops);
            assertThat(closed.flops()).as(where).isEqualTo(listed.allFlops);
            assertThat(closed.compulsoryBytes()).as(where).isEqualTo(listed.allBytes);
            assertThat(closed.usefulAttentionFlops()).as(where).isEqualTo(listed.usefulFlops);
            assertThat(closed.components().total()).as(where).isEqualTo(listed.allFlops);
        }
        requireKindsToSumTheSites(closed, phase);
        requireFormulas(model, account, listed);
    }

    private static Map<String, Long> calls(List<ProductShape> shapes) {
        Map<String, Long> calls = new TreeMap<>();
        shapes.forEach(shape -> {
            if (calls.put(shape.toString(), shape.calls()) != null) {
                throw new AssertionError("a shape is listed twice: " + shapes);
            }
        });
        return calls;
    }

    /** What is shown by kind is the sum of what is held against counts by site. */
    private static void requireKindsToSumTheSites(PhaseAccount closed, Phase phase) {
        for (KindAccount kind : closed.kinds()) {
            List<SiteAccount> sites = closed.sites().stream()
                    .filter(site -> site.site().kind() == kind.kind())
                    .toList();
            Map<String, Long> calls = new TreeMap<>();
            sites.forEach(site ->
                    calls(site.form().shapes()).forEach((shape, number) -> calls.merge(shape, number, Long::sum)));
            boolean equal = kind.layers() == sites.size()
                    && kind.flops()
                            == sites.stream()
                                    .mapToLong(site -> site.form().flops())
                                    .sum()
                    && calls(kind.shapes()).equals(calls)
                    && kind.compulsoryBytes()
                            == sites.stream()
                                    .mapToLong(site -> site.form().compulsoryBytes())
                                    .sum()
                    && kind.forms().size()
                            == sites.stream().map(SiteAccount::form).distinct().count();
            assertThat(equal).as("%s, %s", phase, kind).isTrue();
        }
    }

    /** Formulas say what they claim: their letters, put in, give the FLOPs. Scores are those that were listed. */
    private static void requireFormulas(ModelConfig model, Account account, ListedProducts listed) {
        PhaseAccount closed = account.prefill();
        for (SiteAccount site : closed.sites()) {
            int layer = Math.max(0, site.site().layer());
            Map<String, Long> letters = letters(model, model.blocks().get(layer), closed.phase());
            letters.put("S(R,C)", listed.scores.get(layer));
            letters.put("S", listed.scores.get(layer));
            long value = evaluated(site.form().formula(), letters);
            if (value != site.form().flops()) {
                assertThat(value)
                        .as("%s of %s in %s by %s", site, model.name(), closed.phase(), account.attention())
                        .isEqualTo(site.form().flops());
            }
        }
    }

    private static Map<String, Long> letters(ModelConfig model, BlockConfig block, Phase phase) {
        Map<String, Long> letters = new LinkedHashMap<>();
        letters.put("B", (long) phase.batch());
        letters.put("T", (long) phase.tokens());
        letters.put("G", (long) phase.tokens());
        letters.put("T²", (long) phase.tokens() * phase.tokens());
        letters.put("D", (long) model.dModel());
        letters.put("H", (long) block.attention().numHeads());
        letters.put("K", (long) block.attention().numKvHeads());
        letters.put("d", (long) block.attention().headDim());
        letters.put("F", (long) block.feedForward().width());
        letters.put("V", (long) model.vocabSize());
        return letters;
    }

    private static long evaluated(String formula, Map<String, Long> letters) {
        long value = 1;
        for (String factor : formula.split("·", -1)) {
            value *= factor.equals("2") ? 2 : Objects.requireNonNull(letters.get(factor));
        }
        return value;
    }

    /** A prompt is the sum of its chunks, whatever they are, but for logits of the last token, which come once. */
    @Test
    void stepsAddUpToTheirPhase() {
        Attention attention = new Attention(Algorithm.CAUSAL, 3, 2);
        for (ModelConfig model : MODELS) {
            for (Phase phase : phases(2)) {
                Account account = Account.of(model, List.of(phase), attention);
                long flops = 0;
                long bytes = 0;
                for (int step = 0; step < phase.steps(); step++) {
                    PhaseAccount alone = account.step(phase, step);
                    flops += alone.flops();
                    bytes += alone.compulsoryBytes();
                }
                assertThat(flops)
                        .as("%s, %s", model.name(), phase)
                        .isEqualTo(account.prefill().flops());
                assertThat(bytes)
                        .as("%s, %s", model.name(), phase)
                        .isEqualTo(account.prefill().compulsoryBytes());
            }
        }
    }

    /** A whole prompt and the same prompt in chunks differ in attention alone, and in chunks causal attention computes less. */
    @Test
    void chunksChangeNothingButScores() {
        Components whole = Account.of(SmallModels.GROUPED, 2, 12).prefill().components();
        for (int chunk = 1; chunk <= 12; chunk++) {
            Phase phase = Phase.prefill(2, 12, chunk, LogitsRows.ALL);
            Components chunks = Account.of(SmallModels.GROUPED, List.of(phase), Attention.full())
                    .prefill()
                    .components();
            assertThat(chunks.attentionProjections()).isEqualTo(whole.attentionProjections());
            assertThat(chunks.feedForward()).isEqualTo(whole.feedForward());
            assertThat(chunks.lmHead()).isEqualTo(whole.lmHead());
            if (12 % chunk == 0) {
                // Chunk i of n sees i+1 n-ths of the positions: (1 + 2 + … + n)/n² of the square.
                long number = 12 / chunk;
                assertThat(chunks.attentionProducts() * 2 * number).isEqualTo(whole.attentionProducts() * (number + 1));
            }
        }
    }
}
