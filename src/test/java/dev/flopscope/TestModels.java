package dev.flopscope;

import dev.flopscope.config.Activation;
import dev.flopscope.config.Attention;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.BlockConfig.Arrangement;
import dev.flopscope.config.EmbeddingConfig;
import dev.flopscope.config.Engine;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.FeedForwardConfig.Experts;
import dev.flopscope.config.HeadConfig;
import dev.flopscope.config.LatentConfig;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.NormConfig;
import dev.flopscope.config.PositionsConfig;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RotaryConfig;
import dev.flopscope.config.RotaryScaling;
import dev.flopscope.config.RoutingConfig;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** Models and runs that several tests use. */
public final class TestModels {
    private static final int GPT2_VOCABULARY = 50_257;

    private TestModels() {}

    /** A shipped model. */
    public static ModelConfig shipped(String name) {
        return new ModelCatalog().find(name);
    }

    /** GPT-2 124M as commonly sized: tied, two feed-forward products of 4·D. */
    public static ModelConfig gpt2Small124M() {
        return tiedGelu("gpt2-124m", GPT2_VOCABULARY, 12, 768, 12, 3072);
    }

    /** A model with a tied LM head and two feed-forward products. */
    public static ModelConfig tiedGelu(String name, int vocabSize, int layers, int dModel, int heads, int dFf) {
        return builder(name)
                .vocab(vocabSize)
                .layers(layers)
                .dModel(dModel)
                .heads(heads)
                .dFf(dFf)
                .tied()
                .gelu()
                .build();
    }

    /** A model with an LM head of its own and three feed-forward products. */
    public static ModelConfig swiglu(String name, int vocabSize, int layers, int dModel, int heads, int dFf) {
        return builder(name)
                .vocab(vocabSize)
                .layers(layers)
                .dModel(dModel)
                .heads(heads)
                .dFf(dFf)
                .build();
    }

    /** A run of {@code model} on one thread, with full attention and a prompt in one chunk. */
    public static RunSpec run(ModelConfig model, int batch, OptionalInt context, WeightsMode weights, Prompt prompt) {
        return new RunSpec(
                model,
                batch,
                context,
                OptionalInt.empty(),
                OptionalInt.empty(),
                LogitsRows.ALL,
                Attention.full(),
                prompt,
                weights,
                0,
                Engine.OPENBLAS,
                1);
    }

    /** A model of one layer, with SwiGLU, an LM head of its own, a context length of 1,024 and the usual constants. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** A model that is being put together. What is said of a block holds for every block that is not given by itself. */
    public static final class Builder {
        private final String name;
        private Block every = new Block();
        private final List<UnaryOperator<Block>> own = new ArrayList<>();
        private int vocab = 11;
        private int context = 1024;
        private int layers = 1;
        private int dModel = 8;
        private boolean tied;
        private double embeddingScale = 1;

        private Builder(String name) {
            this.name = name;
        }

        /** V. */
        public Builder vocab(int vocabSize) {
            vocab = vocabSize;
            return this;
        }

        /** The longest sequence that the model is made for. */
        public Builder context(int contextLength) {
            context = contextLength;
            return this;
        }

        /** L, for a model whose blocks are not given one by one. */
        public Builder layers(int numLayers) {
            layers = numLayers;
            return this;
        }

        /** D. */
        public Builder dModel(int width) {
            dModel = width;
            return this;
        }

        /** The LM head reuses the embedding's matrix. */
        public Builder tied() {
            tied = true;
            return this;
        }

        /** H. */
        public Builder heads(int numHeads) {
            every.heads(numHeads);
            return this;
        }

        /** K; H if it is not said. */
        public Builder kvHeads(int numKvHeads) {
            every.kvHeads(numKvHeads);
            return this;
        }

        /** d; D/H if it is not said. */
        public Builder headDim(int width) {
            every.headDim(width);
            return this;
        }

        /** F. */
        public Builder dFf(int width) {
            every.dFf(width);
            return this;
        }

        /** Two feed-forward products. */
        public Builder gelu() {
            every.gelu();
            return this;
        }

        /** Three feed-forward products, which is the default. */
        public Builder swiglu() {
            every.swiglu();
            return this;
        }

        /** The base of rotary frequencies. */
        public Builder theta(double base) {
            every.theta(base);
            return this;
        }

        /** What every norm adds under its root, the final one included. */
        public Builder eps(double epsilon) {
            every.eps(epsilon);
            return this;
        }

        /** How many tokens a query sees. */
        public Builder window(int tokens) {
            every.window(tokens);
            return this;
        }

        /** Every block, and the LM head's norm, as {@code change} says; positions are learned if it turns rotary ones off. */
        public Builder every(UnaryOperator<Block> change) {
            every = change.apply(every);
            return this;
        }

        /** What rows of the embedding are multiplied by. */
        public Builder embeddingScale(double factor) {
            embeddingScale = factor;
            return this;
        }

        /** One more block, which differs from the others as {@code change} says. */
        public Builder block(UnaryOperator<Block> change) {
            own.add(change);
            return this;
        }

        /** The model. */
        public ModelConfig build() {
            EmbeddingConfig embedding = new EmbeddingConfig(vocab, dModel, embeddingScale);
            PositionsConfig positions = new PositionsConfig(context, every.learned);
            HeadConfig head = new HeadConfig(every.norm(), tied);
            if (own.isEmpty()) {
                return ModelConfig.uniform(name, embedding, positions, layers, every.build(dModel), head);
            }
            List<BlockConfig> blocks = own.stream()
                    .map(change -> change.apply(every.copy()).build(dModel))
                    .toList();
            return new ModelConfig(name, embedding, positions, blocks, head);
        }
    }

    /** A block that is being put together. */
    public static final class Block {
        private int heads = 2;
        private OptionalInt kvHeads = OptionalInt.empty();
        private OptionalInt headDim = OptionalInt.empty();
        private int dFf = 12;
        private boolean gated = true;
        private double theta = 10_000;
        private double eps = 1e-5;
        private OptionalInt window = OptionalInt.empty();
        private boolean layerNorm;
        private boolean learned;
        private boolean inputBias;
        private boolean otherBiases;
        private Optional<Boolean> headNorm = Optional.empty();
        private OptionalInt rotaryWidth = OptionalInt.empty();
        private Optional<LatentConfig> latent = Optional.empty();
        private int valueDim;
        private Arrangement arrangement = Arrangement.PRE_NORM;
        private Optional<UnaryOperator<Experts>> experts = Optional.empty();
        private boolean sinks;
        private OptionalDouble limit = OptionalDouble.empty();

        private Block() {}

        private Block copy() {
            Block copy = new Block();
            copy.heads = heads;
            copy.kvHeads = kvHeads;
            copy.headDim = headDim;
            copy.dFf = dFf;
            copy.gated = gated;
            copy.theta = theta;
            copy.eps = eps;
            copy.window = window;
            copy.layerNorm = layerNorm;
            copy.learned = learned;
            copy.inputBias = inputBias;
            copy.otherBiases = otherBiases;
            copy.headNorm = headNorm;
            copy.rotaryWidth = rotaryWidth;
            copy.latent = latent;
            copy.valueDim = valueDim;
            copy.arrangement = arrangement;
            copy.experts = experts;
            copy.sinks = sinks;
            copy.limit = limit;
            return copy;
        }

        /** H. */
        public Block heads(int numHeads) {
            heads = numHeads;
            return this;
        }

        /** K. */
        public Block kvHeads(int numKvHeads) {
            kvHeads = OptionalInt.of(numKvHeads);
            return this;
        }

        /** d. */
        public Block headDim(int width) {
            headDim = OptionalInt.of(width);
            return this;
        }

        /** F. */
        public Block dFf(int width) {
            dFf = width;
            return this;
        }

        /** Two feed-forward products. */
        public Block gelu() {
            gated = false;
            return this;
        }

        /** Three feed-forward products. */
        public Block swiglu() {
            gated = true;
            return this;
        }

        /** The base of rotary frequencies. */
        public Block theta(double base) {
            theta = base;
            return this;
        }

        /** What both norms add under their roots. */
        public Block eps(double epsilon) {
            eps = epsilon;
            return this;
        }

        /** How many tokens a query sees. */
        public Block window(int tokens) {
            window = OptionalInt.of(tokens);
            return this;
        }

        /** LayerNorm in place of RMSNorm. */
        public Block layerNorm() {
            layerNorm = true;
            return this;
        }

        /** Learned positions in place of rotary ones. */
        public Block learned() {
            learned = true;
            return this;
        }

        /** Biases of queries, keys and values. */
        public Block inputBias() {
            inputBias = true;
            return this;
        }

        /** Biases of every projection. */
        public Block biases() {
            inputBias = true;
            otherBiases = true;
            return this;
        }

        /** A norm of queries and keys, head by head or over all of them. */
        public Block headNorm(boolean perHead) {
            headNorm = Optional.of(perHead);
            return this;
        }

        /** Rotary positions of some columns. */
        public Block rotaryWidth(int columns) {
            rotaryWidth = OptionalInt.of(columns);
            return this;
        }

        /** Multi-head latent attention, whose heads of values are {@code width} wide. */
        public Block latent(OptionalInt queryRank, int rank, int turned, int width) {
            latent = Optional.of(new LatentConfig(queryRank, rank, turned, new NormConfig.Rms(eps), true));
            rotaryWidth = OptionalInt.of(turned);
            valueDim = width;
            return this;
        }

        /** Where the norms stand. */
        public Block arrangement(Arrangement other) {
            arrangement = other;
            return this;
        }

        /** A sink a head. */
        public Block sinks() {
            sinks = true;
            return this;
        }

        /** A gate that lets through no more than {@code most}, by GELU with the logistic function. */
        public Block limit(double most) {
            limit = OptionalDouble.of(most);
            return this;
        }

        /** {@code count} experts, of which a token has {@code perToken}. */
        public Block experts(int count, int perToken) {
            return experts(of -> new Experts(
                    count, perToken, of.expert(), OptionalInt.empty(), false, false, RoutingConfig.softmax(true)));
        }

        /** Experts as {@code change} makes them of one. */
        public Block experts(UnaryOperator<Experts> change) {
            experts = Optional.of(change);
            return this;
        }

        private NormConfig norm() {
            return layerNorm ? new NormConfig.Layer(eps) : new NormConfig.Rms(eps);
        }

        private BlockConfig build(int dModel) {
            NormConfig norm = norm();
            int width = headDim.orElse(dModel / heads);
            AttentionConfig attention = new AttentionConfig(
                    heads,
                    kvHeads.orElse(heads),
                    width,
                    valueDim == 0 ? width : valueDim,
                    1 / Math.sqrt(width),
                    learned
                            ? Optional.empty()
                            : Optional.of(new RotaryConfig(theta, rotaryWidth, new RotaryScaling.None())),
                    window,
                    inputBias,
                    otherBiases,
                    headNorm.map(perHead -> new AttentionConfig.HeadNorm(norm, perHead)),
                    latent,
                    sinks);
            Activation activation = limit.isPresent() ? Activation.QUICK_GELU : Activation.SILU;
            FeedForwardConfig.Gated gatedNetwork = new FeedForwardConfig.Gated(dFf, activation, otherBiases, limit);
            FeedForwardConfig network =
                    gated ? gatedNetwork : new FeedForwardConfig.Plain(dFf, Activation.GELU_TANH, otherBiases);
            return new BlockConfig(
                    norm,
                    attention,
                    norm,
                    experts.<FeedForwardConfig>map(change -> change.apply(new Experts(
                                    1,
                                    1,
                                    gatedNetwork,
                                    OptionalInt.empty(),
                                    false,
                                    false,
                                    RoutingConfig.softmax(true))))
                            .orElse(network),
                    arrangement);
        }
    }
}
