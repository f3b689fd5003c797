package dev.flopscope.report;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.Components;
import dev.flopscope.flops.KindAccount;
import dev.flopscope.flops.MemoryAccount;
import dev.flopscope.flops.ParameterAccount;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Fact;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Table;
import java.util.ArrayList;
import java.util.List;

/** The tables of one account. */
final class AccountTables {
    private AccountTables() {}

    /** The model's extents and its memory. */
    static Facts facts(Account account) {
        ModelConfig model = account.model();
        MemoryAccount memory = account.memory();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("model", extents(model)));
        facts.add(new Fact("pass", size(account)));
        if (account.context() > model.contextLength()) {
            facts.add(new Fact("note", beyondContextLength(account)));
        }
        if (account.attention().algorithm() != Algorithm.FULL) {
            facts.add(attention(account));
        }
        facts.add(new Fact(
                "weights",
                Figures.gibibytes(memory.weightsBytes()) + " (" + Figures.gigabytes(memory.weightsBytes())
                        + ", float32)"));
        facts.add(new Fact(
                "activations", Figures.gibibytes(memory.activationsBytes()) + " in this executor's reused buffers"));
        facts.add(new Fact("KV cache", Figures.gibibytes(memory.kvCacheBytes()) + " if a decoder kept every layer's"));
        return new Facts(facts);
    }

    /** {@code L 48, D 1,600, …}. */
    static String extents(ModelConfig model) {
        String grouped = model.numKvHeads() == model.numHeads() ? "" : ", K " + model.numKvHeads();
        String tied = model.tieEmbeddings() ? ", tied" : "";
        return "L " + model.numLayers() + ", D " + Figures.count(model.dModel()) + ", H " + model.numHeads() + grouped
                + ", d " + model.headDim() + ", F " + Figures.count(model.dFf()) + " ("
                + model.feedForward().label() + "), V " + Figures.count(model.vocabSize()) + tied;
    }

    /** The algorithm of attention and its tiles, and how much of what it computes the mask keeps. */
    static Fact attention(Account account) {
        Attention attention = account.attention();
        String tiles = attention.algorithm() == Algorithm.FULL
                ? ", T×T scores of a head at a time"
                : ", tiles of " + Figures.count(attention.queryTile(account.context())) + "×"
                        + Figures.count(attention.keyTile(account.context())) + " scores";
        return new Fact(
                "attention",
                attention.algorithm().label() + tiles + "; the mask keeps "
                        + Figures.percent(
                                account.usefulAttentionFlops(),
                                account.components().attentionProducts())
                        + " of its FLOPs");
    }

    /** {@code 256×64×1024}, with an ellipsis if the last tiles are smaller. */
    static String shape(KindAccount kind) {
        return kind.hasOneShape() ? kind.shape() : kind.shape() + "…";
    }

    private static String size(Account account) {
        return "batch " + Figures.count(account.batch()) + ", context " + Figures.count(account.context());
    }

    /** Says that a pass is longer than the model was made for, and why it runs all the same. */
    static String beyondContextLength(Account account) {
        return "longer than the model's context_length of "
                + Figures.count(account.model().contextLength()) + "; rotary positions allow it";
    }

    /** Parameters by part. */
    static Table parameters(ParameterAccount parameters) {
        List<List<String>> rows = new ArrayList<>();
        long total = parameters.total();
        addPart(rows, "embedding", parameters.embedding(), total);
        addPart(rows, Figures.count(parameters.layers()) + " blocks", parameters.blocks(), total);
        addPart(rows, "  attention of one", parameters.attention(), total);
        addPart(rows, "  feed-forward of one", parameters.feedForward(), total);
        addPart(rows, "  norms of one", parameters.norms(), total);
        addPart(rows, "final norm", parameters.finalNorm(), total);
        addPart(rows, parameters.lmHead() == 0 ? "LM head (tied)" : "LM head", parameters.lmHead(), total);
        addPart(rows, "all", parameters.total(), total);
        return new Table(
                "Parameters", List.of(Column.text("part"), Column.number("parameters"), Column.number("share")), rows);
    }

    private static void addPart(List<List<String>> rows, String part, long parameters, long total) {
        rows.add(List.of(part, Figures.count(parameters), Figures.percent(parameters, total)));
    }

    /** Every kind of product in closed form, for one layer. */
    static Table forms(Account account) {
        List<List<String>> rows = new ArrayList<>();
        for (KindAccount kind : account.kinds()) {
            if (kind.kind().inEveryLayer()) {
                rows.add(form(kind));
            }
        }
        rows.add(List.of("block", "", "", Figures.count(account.blockFlops())));
        account.kind(MatmulKind.LM_HEAD).ifPresent(head -> rows.add(form(head)));
        return new Table(
                "One block, and the LM head",
                List.of(
                        Column.text("product"),
                        Column.text("closed form"),
                        Column.number("calls"),
                        Column.number("FLOPs")),
                rows);
    }

    private static List<String> form(KindAccount kind) {
        return List.of(
                kind.kind().label(),
                kind.form(),
                Figures.count(kind.callsPerLayer()),
                Figures.count(kind.flopsPerLayer()));
    }

    /** Every kind of product with its extents, all layers together. */
    static Table products(Account account) {
        List<List<String>> rows = new ArrayList<>();
        for (KindAccount kind : account.kinds()) {
            rows.add(List.of(
                    kind.kind().label(),
                    Figures.count(kind.calls()),
                    shape(kind),
                    Figures.count(kind.flops()),
                    Figures.percent(kind.flops(), account.flops())));
        }
        rows.add(List.of(
                "all",
                Figures.count(
                        account.kinds().stream().mapToLong(KindAccount::calls).sum()),
                "",
                Figures.count(account.flops()),
                Figures.percent(1, 1)));
        return new Table(
                "The whole pass, products (m×k)·(k×n)",
                List.of(
                        Column.text("product"),
                        Column.number("calls"),
                        Column.text("m×k×n of one"),
                        Column.number("FLOPs"),
                        Column.number("share")),
                rows);
    }

    /** FLOPs by component. */
    static Table components(Account account) {
        Components components = account.components();
        List<List<String>> rows = new ArrayList<>();
        long total = account.flops();
        addPart(rows, "blocks", components.blocks(), total);
        for (Component component : Component.values()) {
            addPart(
                    rows,
                    component.inBlocks() ? "  " + component.label() : component.label(),
                    component.of(components),
                    total);
        }
        addPart(rows, "all", components.total(), total);
        return new Table(
                "Where the FLOPs go",
                List.of(Column.text("component"), Column.number("FLOPs"), Column.number("share")),
                rows);
    }
}
