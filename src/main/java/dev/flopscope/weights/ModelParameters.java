package dev.flopscope.weights;

import dev.flopscope.backend.Tensor;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.BlockConfig.Arrangement;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.LatentConfig;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.NormConfig;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.weights.Parameter.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongConsumer;

/** Asks a source for every parameter of a model, trait by trait, in the order of a pass. */
final class ModelParameters {
    private final ModelConfig model;
    private final int dModel;
    private final ParameterSource source;

    ModelParameters(ModelConfig model, ParameterSource source) {
        this.model = model;
        this.dModel = model.dModel();
        this.source = source;
    }

    /**
     * Makes every parameter.
     *
     * @param mode a set of matrices for each layer, or one for all layers whose blocks are the same
     * @param progress told how many blocks are ready
     */
    ModelWeights make(WeightsMode mode, LongConsumer progress) {
        Tensor embedding = source.table(Parameter.outside(Role.EMBEDDING), model.vocabSize(), dModel);
        Optional<Tensor> positions = model.positions().learned()
                ? Optional.of(source.table(Parameter.outside(Role.POSITIONS), model.contextLength(), dModel))
                : Optional.empty();
        Map<BlockConfig, BlockWeights> shared = new HashMap<>();
        List<BlockWeights> blocks = new ArrayList<>(model.numLayers());
        for (BlockConfig block : model.blocks()) {
            Layer layer = new Layer(blocks.size());
            blocks.add(mode == WeightsMode.SHARED ? shared.computeIfAbsent(block, layer::block) : layer.block(block));
            progress.accept(blocks.size());
        }
        NormWeights finalNorm =
                norm(Parameter.outside(Role.FINAL_NORM), model.head().norm(), dModel);
        Tensor lmHead = model.head().tied()
                ? embedding
                : source.matrix(Parameter.outside(Role.LM_HEAD), model.vocabSize(), dModel);
        return new ModelWeights(embedding, positions, blocks, finalNorm, lmHead);
    }

    private NormWeights norm(Parameter parameter, NormConfig norm, int width) {
        return new NormWeights(
                source.table(parameter, 1, width),
                norm instanceof NormConfig.Layer
                        ? Optional.of(source.table(parameter.itsBias(), 1, width))
                        : Optional.empty());
    }

    /** The parameters of one layer. */
    private final class Layer {
        private final int number;

        Layer(int number) {
            this.number = number;
        }

        BlockWeights block(BlockConfig block) {
            NormWeights attentionNorm = norm(of(Role.ATTENTION_NORM), block.attentionNorm(), dModel);
            AttentionWeights attention = block.attention()
                    .latent()
                    .map(latent -> latent(block.attention(), latent))
                    .orElseGet(() -> heads(block.attention()));
            NormWeights feedForwardNorm = norm(of(Role.FEED_FORWARD_NORM), block.feedForwardNorm(), dModel);
            return new BlockWeights(
                    attentionNorm,
                    attention,
                    feedForwardNorm,
                    feedForward(block.feedForward()),
                    block.arrangement() == Arrangement.SANDWICH
                            ? Optional.of(new BlockWeights.After(
                                    norm(of(Role.AFTER_ATTENTION_NORM), block.attentionNorm(), dModel),
                                    norm(of(Role.AFTER_FEED_FORWARD_NORM), block.feedForwardNorm(), dModel)))
                            : Optional.empty());
        }

        private Parameter of(Role role) {
            return new Parameter(role, number, -1, false);
        }

        private Linear linear(Role role, int rows, int columns, boolean bias) {
            return linear(of(role), rows, columns, bias);
        }

        private Linear linear(Parameter parameter, int rows, int columns, boolean bias) {
            return new Linear(
                    source.matrix(parameter, rows, columns),
                    bias ? Optional.of(source.table(parameter.itsBias(), 1, rows)) : Optional.empty());
        }

        private AttentionWeights heads(AttentionConfig heads) {
            return new AttentionWeights.Heads(
                    linear(Role.QUERY, heads.queryWidth(), dModel, heads.inputBias()),
                    linear(Role.KEY, heads.keyWidth(), dModel, heads.inputBias()),
                    linear(Role.VALUE, heads.valueWidth(), dModel, heads.inputBias()),
                    linear(Role.OUTPUT, dModel, heads.outputWidth(), heads.outputBias()),
                    heads.queryKeyNorm()
                            .map(norm -> norm(
                                    of(Role.QUERY_NORM),
                                    norm.norm(),
                                    norm.perHead() ? heads.headDim() : heads.queryWidth())),
                    heads.queryKeyNorm()
                            .map(norm -> norm(
                                    of(Role.KEY_NORM),
                                    norm.norm(),
                                    norm.perHead() ? heads.headDim() : heads.keyWidth())),
                    heads.sinks() ? Optional.of(source.table(of(Role.SINKS), 1, heads.numHeads())) : Optional.empty());
        }

        private AttentionWeights latent(AttentionConfig heads, LatentConfig latent) {
            OptionalInt rank = latent.queryRank();
            boolean bias = heads.inputBias();
            int up = heads.numHeads() * latent.unfoldedWidth(heads);
            return new AttentionWeights.Latent(
                    rank.isEmpty()
                            ? Optional.empty()
                            : Optional.of(linear(Role.QUERY_DOWN, rank.getAsInt(), dModel, bias)),
                    rank.isEmpty()
                            ? Optional.empty()
                            : Optional.of(norm(of(Role.QUERY_DOWN_NORM), latent.norm(), rank.getAsInt())),
                    linear(Role.QUERY, heads.queryWidth(), rank.orElse(dModel), false),
                    linear(Role.LATENT_DOWN, latent.downWidth(), dModel, bias),
                    norm(of(Role.LATENT_NORM), latent.norm(), latent.rank()),
                    linear(Role.LATENT_UP, up, latent.rank(), false),
                    linear(Role.OUTPUT, dModel, heads.outputWidth(), heads.outputBias()));
        }

        private FeedForwardWeights feedForward(FeedForwardConfig network) {
            if (network instanceof FeedForwardConfig.Experts mixture) {
                return experts(mixture);
            }
            if (network instanceof FeedForwardConfig.Plain plain) {
                return new FeedForwardWeights.Plain(
                        linear(Role.UP, plain.width(), dModel, plain.bias()),
                        linear(Role.DOWN, dModel, plain.width(), plain.bias()));
            }
            return gated((FeedForwardConfig.Gated) network, -1);
        }

        private FeedForwardWeights.Gated gated(FeedForwardConfig.Gated network, int expert) {
            return new FeedForwardWeights.Gated(
                    linear(new Parameter(Role.GATE, number, expert, false), network.width(), dModel, network.bias()),
                    linear(new Parameter(Role.UP, number, expert, false), network.width(), dModel, network.bias()),
                    linear(new Parameter(Role.DOWN, number, expert, false), dModel, network.width(), network.bias()));
        }

        private FeedForwardWeights experts(FeedForwardConfig.Experts mixture) {
            Linear router = linear(Role.ROUTER, mixture.count(), dModel, mixture.routerBias());
            Optional<Tensor> correction = mixture.routing().corrected()
                    ? Optional.of(source.table(of(Role.CORRECTION), 1, mixture.count()))
                    : Optional.empty();
            List<FeedForwardWeights.Gated> experts = new ArrayList<>();
            for (int expert = 0; expert < mixture.count(); expert++) {
                experts.add(gated(mixture.expert(), expert));
            }
            int width = mixture.sharedWidth().orElse(0);
            return new FeedForwardWeights.Experts(
                    router,
                    correction,
                    experts,
                    width == 0
                            ? Optional.empty()
                            : Optional.of(new FeedForwardWeights.Gated(
                                    linear(Role.SHARED_GATE, width, dModel, false),
                                    linear(Role.SHARED_UP, width, dModel, false),
                                    linear(Role.SHARED_DOWN, dModel, width, false))),
                    mixture.sharedGated()
                            ? Optional.of(linear(Role.SHARED_ROUTER, 1, dModel, false))
                            : Optional.empty());
        }
    }
}
