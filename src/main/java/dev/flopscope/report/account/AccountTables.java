package dev.flopscope.report.account;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.NormConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.Setting;
import dev.flopscope.document.Column;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Table;
import dev.flopscope.document.Unit;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.Crossovers;
import dev.flopscope.flops.ParameterAccount;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.flops.ProductForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What tables and facts say of closed forms. */
public final class AccountTables {
    /** A name beside numbers of which the last is a share of a whole, such as parameters or FLOPs. */
    private record Part(String name, long number) {}

    private static final List<Column<Form>> FORM_COLUMNS = List.of(
            Column.words("kind", "product", Form::name),
            Column.words("formula", "closed form", Form::formula),
            Column.count("calls", "calls", Form::calls),
            Column.count("flops", "FLOPs", Form::flops));

    /** The closed form of a product of one layer, or the sum of several. */
    private record Form(
            String name, String formula, @Nullable Long calls, long flops) {
        static Form of(ProductForm form) {
            return new Form(form.kind().label(), form.formula(), form.calls(), form.flops());
        }
    }

    private AccountTables() {}

    /**
     * What a phase is called in titles: nothing where there is no other.
     *
     * @param prefix what its titles begin with
     */
    public record Title(String prefix) {
        /** The title of {@code phase}, which may be {@code alone}. */
        public static Title of(PhaseAccount phase, boolean alone) {
            String decoding = "Decoding " + Figures.counted(phase.phase().tokens(), "token") + ", ";
            return new Title(alone ? "" : phase.phase().name() == Phase.Name.PREFILL ? "Prefill, " : decoding);
        }

        /** {@code Decoding 5 tokens, hotspots} for {@code Hotspots}. */
        public String of(String title) {
            return prefix.isEmpty()
                    ? title
                    : prefix + title.substring(0, 1).toLowerCase(Locale.ROOT) + title.substring(1);
        }
    }

    /** The extents of the model: {@code L 48, D 1,600, …}, with those of a block in parentheses where blocks differ. */
    public static Fact model(ModelConfig model) {
        String vocabulary =
                ", V " + Figures.count(model.vocabSize()) + (model.head().tied() ? ", tied" : "");
        String width = "L " + model.numLayers() + ", D " + Figures.count(model.dModel()) + ", ";
        return new Fact(
                "model",
                model.isUniform()
                        ? width + extents(model.firstBlock()) + vocabulary
                        : width
                                + model.layersByBlock().entrySet().stream()
                                        .map(entry -> Figures.counted(entry.getValue(), "layer") + " of ("
                                                + extents(entry.getKey()) + ")")
                                        .collect(Collectors.joining(", "))
                                + vocabulary);
    }

    private static String extents(BlockConfig block) {
        int heads = block.attention().numHeads();
        int kvHeads = block.attention().numKvHeads();
        String window = block.attention().window().isEmpty()
                ? ""
                : ", window " + Figures.count(block.attention().window().getAsInt());
        return "H " + heads + (kvHeads == heads ? "" : ", K " + kvHeads) + ", d "
                + block.attention().headDim() + window + ", F "
                + Figures.count(block.feedForward().width()) + " ("
                + block.feedForward().label() + ")"
                + (block.feedForward() instanceof FeedForwardConfig.Experts mixture
                        ? ", E " + mixture.count() + ", k " + mixture.perToken()
                        : "");
    }

    /** What the prompt is, followed by {@code more}, and in how many chunks it is read. */
    public static Fact pass(Account account, String more) {
        Phase prompt = account.prefill().phase();
        String chunks = prompt.steps() == 1
                ? ""
                : ", in " + Figures.count(prompt.steps()) + " chunks of " + Figures.count(prompt.queries())
                        + " tokens at most";
        String logits = prompt.logits() == LogitsRows.ALL ? "" : ", logits of the last token alone";
        return new Fact(
                "pass",
                "batch " + Figures.count(account.batch()) + ", context " + Figures.count(account.context()) + more
                        + chunks + logits);
    }

    /** What must be known of the model and of the length of the pass; mostly nothing. */
    public static List<Fact> note(Account account) {
        List<Fact> notes = new ArrayList<>();
        ofItsSize(account.model()).ifPresent(text -> notes.add(new Fact("note", text)));
        if (account.context() > account.model().contextLength()) {
            notes.add(new Fact("note", beyondContextLength(account)));
        }
        return notes;
    }

    /** At which contexts the parts of a prompt change places. */
    static Fact crossovers(Crossovers crossovers) {
        return new Fact(
                "crossovers",
                "attention's products pass the feed-forward network's at "
                        + Figures.counted(crossovers.attentionOverFeedForward(), "token") + "; the LM head falls below "
                        + crossovers.headPercent() + " % of all at "
                        + Figures.counted(crossovers.headBelow(), "token"));
    }

    /** Says of a model that has the name and the size of a GPT-2 in what its blocks are others. */
    public static Optional<String> ofItsSize(ModelConfig model) {
        if (!model.name().startsWith("gpt2-") || !(model.head().norm() instanceof NormConfig.Rms)) {
            return Optional.empty();
        }
        List<String> own = new ArrayList<>(List.of("RMSNorm", "rotary positions"));
        List<String> published = new ArrayList<>(List.of("LayerNorm", "learned positions"));
        if (model.firstBlock().feedForward() instanceof FeedForwardConfig.Gated) {
            own.add("SwiGLU");
            published.add("GELU");
        }
        if (!model.head().tied()) {
            own.add("an LM head of its own");
            published.add("a tied head");
        }
        return Optional.of(
                "the size is GPT-2's, the block is not: " + inWords(own) + ", in place of " + inWords(published));
    }

    /** {@code a, b and c}. */
    private static String inWords(List<String> words) {
        int last = words.size() - 1;
        return String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }

    /** The same of several models, in one paragraph; none if it is said of no model. */
    public static List<Block> ofTheirSizes(Collection<ModelConfig> models) {
        return models.stream()
                .filter(model -> ofItsSize(model).isPresent())
                .findFirst()
                .map(model -> "Of " + model.name() + (models.size() == 1 ? ", " : " and the like, ")
                        + ofItsSize(model).orElseThrow() + ".")
                .<List<Block>>map(text -> List.of(new Paragraph(text)))
                .orElse(List.of());
    }

    /** Says that a pass is longer than the model was made for, and why it runs all the same. */
    static String beyondContextLength(Account account) {
        return "longer than the model's context_length of "
                + Figures.count(account.model().contextLength()) + ""
                + (account.model().positions().learned()
                        ? ", where its learned positions end"
                        : "; rotary positions allow it");
    }

    /** The algorithm of attention and its tiles, and how much of what it computes the mask keeps. */
    public static Fact attention(Account account) {
        Attention attention = account.attention();
        PhaseAccount prompt = account.prefill();
        String tiles = attention.algorithm() == Algorithm.FULL
                ? ", T×T scores of a head at a time"
                : ", tiles of "
                        + Figures.count(attention.queryTile(prompt.phase().queries())) + "×"
                        + Figures.count(attention.keyTile(account.context())) + " scores";
        return new Fact(
                "attention",
                attention.algorithm().label() + tiles + "; the mask keeps "
                        + Figures.percent(
                                prompt.usefulAttentionFlops(),
                                prompt.components().attentionProducts())
                        + " of its FLOPs");
    }

    /** What is decoded after the prompt, what is cached for it and what each of its tokens reads; nothing if none is. */
    public static List<Fact> decoding(Account account) {
        return account.decode().stream()
                .flatMap(decode -> List.of(
                        new Fact(
                                "decode",
                                Figures.counted(decode.phase().tokens(), "token") + ", at positions "
                                        + Figures.count(account.context() + 1L) + " to "
                                        + Figures.count(decode.phase().end())),
                        new Fact(
                                "KV cache",
                                Figures.bytes(account.memory().kvCacheBytes()) + " for "
                                        + Figures.count(decode.phase().end()) + " positions"),
                        new Fact(
                                account.batch() == 1 ? "reads a token" : "reads a step",
                                (account.batch() == 1
                                                ? ""
                                                : "for a token of each of " + Figures.count(account.batch())
                                                        + " sequences, ")
                                        + Figures.bytes(account.weightsBytesRead()) + " of weights, "
                                        + Figures.bytes(account.cacheBytesReadAt(
                                                decode.phase().end()))
                                        + " of cache at the last position"))
                        .stream())
                .toList();
    }

    /** Parameters by part. */
    static Table parameters(ParameterAccount parameters) {
        List<Part> parts = new ArrayList<>(List.of(
                new Part("embedding", parameters.embedding()),
                new Part(Figures.counted(parameters.layers().size(), "block"), parameters.blocks())));
        if (parameters.positions() > 0) {
            parts.add(1, new Part("positions", parameters.positions()));
        }
        Map<ParameterAccount.Block, Integer> layers = new LinkedHashMap<>();
        parameters.layers().forEach(block -> layers.merge(block, 1, Integer::sum));
        layers.forEach((block, number) -> {
            String one = layers.size() == 1 ? " of one" : " of one of " + number;
            parts.add(new Part("  attention" + one, block.attention()));
            parts.add(new Part("  feed-forward" + one, block.feedForward()));
            parts.add(new Part("  norms" + one, block.norms()));
            if (block.biases() > 0) {
                parts.add(new Part("  biases" + one, block.biases()));
            }
        });
        parts.add(new Part("final norm", parameters.finalNorm()));
        parts.add(new Part(parameters.lmHead() == 0 ? "LM head (tied)" : "LM head", parameters.lmHead()));
        parts.add(new Part("all", parameters.total()));
        if (parameters.active() < parameters.total()) {
            parts.add(new Part("active for one token", parameters.active()));
        }
        return parts("Parameters", "part", "parameters", parts, parameters.total());
    }

    /** A published config, value by value. */
    static Table settings(List<Setting> settings) {
        return Table.of(
                "The config, value by value",
                List.of(
                        Column.words("key", "key", Setting::key),
                        Column.words("value", "value", Setting::value),
                        Column.words("origin", "from", Setting::origin)),
                settings);
    }

    private static Table parts(String caption, String first, String second, List<Part> parts, long total) {
        return Table.of(
                caption,
                List.of(
                        Column.words("part", first, Part::name),
                        Column.count("number", second, Part::number),
                        new Column<>("share", "share", Unit.PERCENT, part -> (double) part.number() / total)),
                parts);
    }

    /** The tables of a phase: its closed forms, its products and its components. */
    static List<Block> phase(Account account, PhaseAccount phase) {
        Title title = Title.of(phase, account.phases().size() == 1);
        List<Block> tables = new ArrayList<>(forms(account.model(), phase, title));
        if (phase.kinds().stream().anyMatch(kind -> kind.form().formula().contains("·S·"))) {
            tables.add(new Paragraph(
                    phase.phase().name() == Phase.Name.DECODE
                            ? "S = G·T + G·(G+1)/2: so many positions are seen by G tokens that follow T."
                            : "S is the sum over the chunks of their tokens times the positions up to their end."));
        }
        tables.add(products(account, phase, title));
        tables.add(components(phase, title));
        return tables;
    }

    /** Every product of a layer in closed form: a table for each different block, the last with the LM head. */
    private static List<Block> forms(ModelConfig model, PhaseAccount phase, Title title) {
        List<Block> tables = new ArrayList<>();
        List<Map.Entry<BlockConfig, Integer>> groups =
                List.copyOf(model.layersByBlock().entrySet());
        for (Map.Entry<BlockConfig, Integer> group : groups) {
            List<ProductForm> forms = phase.layers().get(model.blocks().indexOf(group.getKey()));
            String block =
                    groups.size() == 1 ? "One block" : "One block of " + Figures.counted(group.getValue(), "layer");
            boolean last = tables.size() == groups.size() - 1;
            List<Form> rows = new ArrayList<>(forms.stream().map(Form::of).toList());
            rows.add(new Form(
                    "block",
                    "",
                    null,
                    forms.stream().mapToLong(ProductForm::flops).reduce(0, Math::addExact)));
            if (last) {
                phase.head().map(Form::of).ifPresent(rows::add);
            }
            tables.add(Table.of(title.of(last ? block + ", and the LM head" : block), FORM_COLUMNS, rows));
        }
        return tables;
    }

    /** Every kind of product with its extents, all layers together. */
    private static Table products(Account account, PhaseAccount phase, Title title) {
        return Table.of(
                        title.of("Products of all layers, (m×k)·(k×n)"),
                        List.of(
                                ProductColumns.KIND,
                                ProductColumns.CALLS,
                                ProductColumns.SHAPE,
                                ProductColumns.EXPECTED.as("FLOPs"),
                                ProductColumns.SHARE_OF_FLOPS.as("share").in(Unit.PERCENT)),
                        ProductColumns.withSum(ProductColumns.rows(account, phase)))
                .withTotals(1);
    }

    /** FLOPs by component. */
    private static Table components(PhaseAccount phase, Title title) {
        List<Part> parts =
                new ArrayList<>(List.of(new Part("blocks", phase.components().blocks())));
        Arrays.stream(Component.values())
                .map(component -> new Part(
                        component.inBlocks() ? "  " + component.label() : component.label(),
                        component.of(phase.components())))
                .forEach(parts::add);
        parts.add(new Part("all", phase.flops()));
        return parts(title.of("Where the FLOPs go"), "component", "FLOPs", parts, phase.flops());
    }
}
