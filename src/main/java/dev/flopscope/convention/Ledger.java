package dev.flopscope.convention;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.ParameterAccount;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.flops.ProductForm;
import dev.flopscope.flops.ProductShape;
import dev.flopscope.polynomial.Fraction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What quantities are made of, in a form that a convention can change: the extents of a phase's products, the model's parameters
 * and its cache, and the factors by which they are counted. Numbers are fractions, because a convention may halve them.
 *
 * @param layers the blocks; those that are the same share an entry
 * @param head the LM head's product
 * @param others what a convention adds, such as the embedding's product
 * @param outside parameters outside of the blocks
 * @param scale by which factors all of this is counted
 */
public record Ledger(List<Layers> layers, Product head, List<Other> others, Outside outside, Scale scale) {
    static final int FLOAT_BYTES = 4;

    /**
     * All products of one kind in a layer.
     *
     * @param results m·n of each product, all of them together
     * @param terms k, the products that are added up for each result
     */
    public record Product(Fraction results, Fraction terms) {
        /** No product. */
        public static final Product NONE = new Product(Fraction.ZERO, Fraction.ZERO);

        /** The same FLOPs as the closed form has, whatever its shapes. */
        static Product of(ProductForm form) {
            Fraction results = form.shapes().stream().map(Product::results).reduce(Fraction.ZERO, Fraction::plus);
            return new Product(results, Fraction.of(form.flops()).over(results.times(2)));
        }

        private static Fraction results(ProductShape shape) {
            return Fraction.of(shape.m()).times(shape.n()).times(shape.calls());
        }

        /** Multiply-adds. */
        public Fraction multiplyAdds() {
            return results.times(terms);
        }

        Product scaled(Fraction factor) {
            return new Product(results.times(factor), terms);
        }

        Product withTerms(Fraction factor) {
            return new Product(results, terms.times(factor));
        }
    }

    /**
     * Something that we do not count.
     *
     * @param name what it is
     * @param product its extents; of what is no product, elements and half the FLOPs of each
     * @param isProduct whether it is a product, whose sums may be counted otherwise
     */
    record Other(String name, Product product, boolean isProduct) {
        /** Operations element by element. */
        static Other elementwise(String name, Fraction elements, int flopsEach) {
            return new Other(name, new Product(elements, Fraction.of(flopsEach).over(2)), false);
        }
    }

    /** Parameters outside of the blocks. */
    public record Outside(Fraction embedding, Fraction positions, Fraction finalNorm, Fraction lmHead) {}

    /**
     * By which factors all is counted.
     *
     * @param sequences B
     * @param tokens B·T, or B·G of a phase that decodes
     * @param perMultiplyAdd half the FLOPs of a multiply-add: 1 in our convention
     * @param notAdded additions of a result that are not counted
     * @param bytes of an element of the weights and of the cache
     * @param gigabyte bytes of a GB
     * @param gibibyte bytes of a GiB
     */
    public record Scale(
            Fraction sequences,
            Fraction tokens,
            Fraction perMultiplyAdd,
            Fraction notAdded,
            Fraction bytes,
            Fraction gigabyte,
            Fraction gibibyte) {
        private static Scale of(PhaseAccount phase) {
            Fraction sequences = Fraction.of(phase.phase().batch());
            return new Scale(
                    sequences,
                    sequences.times(phase.phase().tokens()),
                    Fraction.ONE,
                    Fraction.ZERO,
                    Fraction.of(FLOAT_BYTES),
                    Fraction.of(1_000_000_000),
                    Fraction.of(1L << 30));
        }

        /** T of one sequence. */
        Fraction tokensOfASequence() {
            return tokens.over(sequences);
        }

        Scale counting(Fraction factor, Fraction notAddedOfResult) {
            return new Scale(
                    sequences, tokens, perMultiplyAdd.times(factor), notAddedOfResult, bytes, gigabyte, gibibyte);
        }

        Scale withBytes(Fraction other) {
            return new Scale(sequences, tokens, perMultiplyAdd, notAdded, other, gigabyte, gibibyte);
        }

        Scale withUnits(Fraction otherGigabyte, Fraction otherGibibyte) {
            return new Scale(sequences, tokens, perMultiplyAdd, notAdded, bytes, otherGigabyte, otherGibibyte);
        }
    }

    /** Keeps copies of the lists. */
    public Ledger {
        layers = List.copyOf(layers);
        others = List.copyOf(others);
    }

    /** The ledger of an account's prompt. */
    public static Ledger of(Account account) {
        return of(account, account.prefill());
    }

    /** The ledger of one phase of an account. */
    public static Ledger of(Account account, PhaseAccount phase) {
        ParameterAccount parameters = account.parameters();
        return new Ledger(
                Layers.of(account, phase),
                phase.head().map(Product::of).orElse(Product.NONE),
                List.of(),
                new Outside(
                        Fraction.of(parameters.embedding()),
                        Fraction.of(parameters.positions()),
                        Fraction.of(parameters.finalNorm()),
                        Fraction.of(parameters.lmHead())),
                Scale.of(phase));
    }

    /** What all blocks together have of {@code ofOne}. */
    public Fraction ofLayers(Function<Layers, Fraction> ofOne) {
        return layers.stream()
                .map(group -> ofOne.apply(group).times(group.count()))
                .reduce(Fraction.ZERO, Fraction::plus);
    }

    /**
     * What one block has of {@code ofAllBlocks}.
     *
     * @throws IllegalArgumentException if the model's blocks differ
     */
    public Fraction ofOneBlock(Fraction ofAllBlocks) {
        if (layers.size() > 1) {
            throw new IllegalArgumentException("the blocks of this model differ; claim a quantity of all blocks");
        }
        return ofAllBlocks.over(layers.get(0).count());
    }

    /** FLOPs of all of {@code kinds} that are in every layer. */
    public Fraction flops(Collection<MatmulKind> kinds) {
        return ofLayers(group -> group.sum(kinds, this::flops));
    }

    /** FLOPs of a product under this ledger's way to count. */
    public Fraction flops(Product product) {
        return product.results()
                .times(product.terms().times(2).minus(scale.notAdded()))
                .times(scale.perMultiplyAdd());
    }

    /** FLOPs of something that a convention adds. */
    Fraction flops(Other other) {
        return other.isProduct()
                ? flops(other.product())
                : other.product().multiplyAdds().times(2).times(scale.perMultiplyAdd());
    }

    /** FLOPs of all blocks. */
    public Fraction blocksFlops() {
        return flops(EnumSet.complementOf(EnumSet.of(MatmulKind.LM_HEAD)));
    }

    /** FLOPs of the phase. */
    public Fraction totalFlops() {
        return others.stream().map(this::flops).reduce(blocksFlops().plus(flops(head)), Fraction::plus);
    }

    /** Parameters of all blocks. */
    public Fraction blocksParameters() {
        return ofLayers(group -> group.attention().plus(group.feedForward()).plus(group.normsAndBiases()));
    }

    /** All parameters. */
    public Fraction parameters() {
        return blocksParameters()
                .plus(outside.embedding())
                .plus(outside.positions())
                .plus(outside.finalNorm())
                .plus(outside.lmHead());
    }

    Ledger withLayers(UnaryOperator<Layers> change) {
        return new Ledger(layers.stream().map(change).toList(), head, others, outside, scale);
    }

    Ledger withHead(Product other) {
        return new Ledger(layers, other, others, outside, scale);
    }

    Ledger adding(Other other) {
        List<Other> more = new ArrayList<>(others);
        more.add(other);
        return new Ledger(layers, head, more, outside, scale);
    }

    Ledger with(Outside other) {
        return new Ledger(layers, head, others, other, scale);
    }

    Ledger with(Scale other) {
        return new Ledger(layers, head, others, outside, other);
    }
}
