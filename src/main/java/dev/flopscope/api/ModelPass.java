package dev.flopscope.api;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelSource;
import dev.flopscope.config.Phase;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A pass of a model at a size: accounted on paper, or executed and counted.
 *
 * <pre>{@code
 * long flops = ModelPass.of("gpt2-small").context(1024).account().flops();
 * }</pre>
 *
 * <p>Immutable. {@link #account} needs no native library: without ND4J and oneDNN on the class path it works as well.
 */
public final class ModelPass {
    private final ModelSource source;
    private final int batch;
    private final OptionalInt context;
    private final OptionalInt decode;

    private ModelPass(ModelSource source, int batch, OptionalInt context, OptionalInt decode) {
        this.source = source;
        this.batch = batch;
        this.context = context;
        this.decode = decode;
    }

    /**
     * A pass over the model's whole context, of one sequence.
     *
     * @param model a name that {@code flopscope account --help} lists, the path of a JSON file, or the folder of a checkpoint
     * @throws RuntimeException if there is none, or it cannot be read; the message says what is wrong in one line
     */
    public static ModelPass of(String model) {
        return new ModelPass(new ModelCatalog().findSource(model), 1, OptionalInt.empty(), OptionalInt.empty());
    }

    /** The same of B sequences, at least 1. */
    public ModelPass batch(int sequences) {
        return new ModelPass(source, sequences, context, decode);
    }

    /** The same with a prompt of T tokens in each sequence, at least 1. */
    public ModelPass context(int tokens) {
        return new ModelPass(source, batch, OptionalInt.of(tokens), decode);
    }

    /** The same with so many tokens decoded after the prompt, at least 1. */
    public ModelPass decode(int tokens) {
        return new ModelPass(source, batch, context, OptionalInt.of(tokens));
    }

    /**
     * FLOPs by closed forms; nothing is executed.
     *
     * @throws ArithmeticException if a count exceeds 2⁶³−1
     * @throws IllegalArgumentException if a size is less than 1
     */
    public PassFlops account() {
        int tokens = context.orElse(source.model().contextLength());
        List<Phase> phases = Phase.of(batch, tokens, OptionalInt.empty(), decode, LogitsRows.ALL);
        return flops(Account.of(source.model(), phases, Attention.of(Algorithm.TILED)));
    }

    static PassFlops flops(Account account) {
        Map<String, Long> byKind = new LinkedHashMap<>();
        account.phases()
                .forEach(phase ->
                        phase.kinds().forEach(kind -> byKind.merge(kind.kind().label(), kind.flops(), Math::addExact)));
        return new PassFlops(
                byKind.values().stream().reduce(0L, Math::addExact),
                byKind,
                account.parameters().total());
    }

    /**
     * Executes the pass by the engine onednn on all cores, with the checkpoint's weights or seeded ones, and counts it.
     *
     * @throws RuntimeException if the model is not executed, or does not fit into memory; the message says why in one line
     */
    public CountedPass run() {
        return PassRunner.run(new RunSpec(
                source.model(),
                batch,
                context,
                OptionalInt.empty(),
                decode,
                LogitsRows.ALL,
                Attention.of(Algorithm.TILED),
                new Prompt.Seeded(),
                source.folder(),
                WeightsMode.FULL,
                0,
                Engine.ONEDNN,
                Runtime.getRuntime().availableProcessors()));
    }
}
