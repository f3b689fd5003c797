package dev.flopscope.claims;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.flops.Account;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every quantity that a claim can be about.
 *
 * <p>Most have a fixed name. Two families are made from any of those: {@code growth.total@1024} is how many times the
 * total is the same model's at a context of 1024, and {@code width_exponent.blocks} is the power of D that the blocks'
 * FLOPs grow with, taken where D, H, K and F double at the same T and d: the binary logarithm of the ratio.
 */
public final class Quantities {
    private static final String GROWTH = "growth.";
    private static final Pattern GROWTH_NAME = Pattern.compile("growth\\.(.+)@([1-9]\\d{0,8})");
    private static final String WIDTH_EXPONENT = "width_exponent.";

    private static final BigDecimal FLOAT_BYTES = BigDecimal.valueOf(4);
    private static final BigDecimal GIBIBYTE = BigDecimal.valueOf(1L << 30);
    private static final BigDecimal GIGABYTE = BigDecimal.valueOf(1_000_000_000);
    private static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private static final Quantities ALL = new Quantities();

    private final Map<String, Quantity> byName = new LinkedHashMap<>();

    /**
     * Something that can be claimed of a pass.
     *
     * @param name its name in claims files
     * @param meaning in words, with the unit
     * @param evaluation its closed form
     */
    record Quantity(String name, String meaning, Evaluation evaluation) {}

    /** The closed form of a quantity. */
    @FunctionalInterface
    interface Evaluation {
        /**
         * The value for one pass.
         *
         * @param account the pass
         * @param reading how to read this or a related account: as it is, or under another convention
         */
        BigDecimal of(Account account, Function<Account, Ledger> reading);
    }

    private Quantities() {
        parameters();
        weights();
        ofOneBlock();
        pass();
        shares();
    }

    /** The names and meanings of all quantities, families last. */
    public static Map<String, String> meanings() {
        Map<String, String> meanings = new LinkedHashMap<>();
        ALL.byName.values().forEach(quantity -> meanings.put(quantity.name(), quantity.meaning()));
        meanings.put(GROWTH + "QUANTITY@CONTEXT", "times the same model's quantity at that context");
        meanings.put(WIDTH_EXPONENT + "QUANTITY", "power of D it grows with when D, H, K and F double");
        return meanings;
    }

    /** The quantity called {@code name}, if there is one. */
    static Optional<Quantity> find(String name) {
        Matcher growth = GROWTH_NAME.matcher(name);
        if (growth.matches()) {
            int context = Integer.parseInt(growth.group(2));
            return ALL.fixed(growth.group(1)).map(quantity -> growth(name, quantity, context));
        }
        if (name.startsWith(WIDTH_EXPONENT)) {
            return ALL.fixed(name.substring(WIDTH_EXPONENT.length())).map(quantity -> widthExponent(name, quantity));
        }
        return ALL.fixed(name);
    }

    private Optional<Quantity> fixed(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    private static Quantity growth(String name, Quantity of, int context) {
        return new Quantity(
                name,
                of.name() + " over the same at context " + context,
                (account, reading) -> of.evaluation()
                        .of(account, reading)
                        .divide(of.evaluation().of(account.atContext(context), reading), Ledger.DIGITS));
    }

    private static Quantity widthExponent(String name, Quantity of) {
        return new Quantity(
                name,
                "power of D that " + of.name() + " grows with",
                (account, reading) -> binaryLogarithm(of.evaluation()
                        .of(account.widened(2), reading)
                        .divide(of.evaluation().of(account, reading), Ledger.DIGITS)));
    }

    private void add(String name, String meaning, Function<Ledger, BigDecimal> form) {
        byName.put(name, new Quantity(name, meaning, (account, reading) -> form.apply(reading.apply(account))));
    }

    private void addOfOneBlock(String name, String meaning, Function<Ledger, BigDecimal> ofAllBlocks) {
        add(name, meaning, ledger -> ledger.ofOneBlock(ofAllBlocks.apply(ledger)));
    }

    private void parameters() {
        String meaning = "of one block";
        add("parameters", "all parameters", ledger -> ledger.parameters().total());
        add("parameters.embedding", "V·D", ledger -> ledger.parameters().embedding());
        addOfOneBlock("parameters.block", meaning, ledger -> ledger.parameters().blocks());
        addOfOneBlock(
                "parameters.block.attention",
                meaning,
                ledger -> ledger.parameters().attention());
        addOfOneBlock(
                "parameters.block.feed_forward",
                meaning,
                ledger -> ledger.parameters().feedForward());
        addOfOneBlock(
                "parameters.block.norms", meaning, ledger -> ledger.parameters().norms());
        add("parameters.blocks", "of all blocks", ledger -> ledger.parameters().blocks());
        add("parameters.final_norm", "D", ledger -> ledger.parameters().finalNorm());
        add(
                "parameters.lm_head",
                "V·D, or 0 if tied",
                ledger -> ledger.parameters().lmHead());
    }

    private void weights() {
        Function<Ledger, BigDecimal> bytes =
                ledger -> ledger.parameters().total().multiply(FLOAT_BYTES);
        add("weights.bytes", "bytes of the weights in float32", bytes);
        add("weights.gib", "GiB of the weights, 1024³ bytes each", bytes.andThen(value -> over(value, GIBIBYTE)));
        add("weights.gb", "GB of the weights, 1000³ bytes each", bytes.andThen(value -> over(value, GIGABYTE)));
    }

    private void ofOneBlock() {
        String meaning = "FLOPs of one block";
        for (MatmulKind kind : MatmulKind.values()) {
            if (kind.inEveryLayer()) {
                addOfOneBlock("block." + kind.label(), meaning, ledger -> ledger.flops(kind));
            }
        }
        List<MatmulKind> inputs = List.of(MatmulKind.Q_PROJ, MatmulKind.K_PROJ, MatmulKind.V_PROJ);
        List<MatmulKind> gateAndUp = List.of(MatmulKind.FFN_GATE, MatmulKind.FFN_UP);
        addOfOneBlock("block.qkv", meaning, ledger -> ledger.flops(inputs));
        addOfOneBlock("block.ffn_gate_up", meaning, ledger -> ledger.flops(gateAndUp));
        components().forEach((name, form) -> addOfOneBlock("block." + name, meaning, form));
        addOfOneBlock("block", meaning, Ledger::blocksFlops);
    }

    /** Components of the blocks and their FLOPs in all layers. */
    private static Map<String, Function<Ledger, BigDecimal>> components() {
        List<MatmulKind> weighted = new ArrayList<>(Ledger.PROJECTIONS);
        weighted.addAll(Ledger.FEED_FORWARD);
        Map<String, Function<Ledger, BigDecimal>> components = new LinkedHashMap<>();
        components.put("attention_projections", ledger -> ledger.flops(Ledger.PROJECTIONS));
        components.put("attention_products", ledger -> ledger.flops(Ledger.ATTENTION_PRODUCTS));
        components.put("feed_forward", ledger -> ledger.flops(Ledger.FEED_FORWARD));
        components.put("projections_and_feed_forward", ledger -> ledger.flops(weighted));
        return components;
    }

    private void pass() {
        components().forEach((name, form) -> add(name, "FLOPs of all blocks", form));
        add("blocks", "FLOPs of all blocks", Ledger::blocksFlops);
        add("lm_head", "FLOPs of the LM head", ledger -> ledger.flops(MatmulKind.LM_HEAD));
        add("total", "FLOPs of the pass", Ledger::totalFlops);
    }

    private void shares() {
        List<String> components = new ArrayList<>(components().keySet());
        for (String name : components) {
            share("share_of_block." + name, "block." + name, "block");
        }
        components.addAll(List.of("blocks", "lm_head"));
        for (String name : components) {
            share("share." + name, name, "total");
        }
    }

    private void share(String name, String part, String whole) {
        Quantity numerator = fixed(part).orElseThrow();
        Quantity denominator = fixed(whole).orElseThrow();
        byName.put(
                name,
                new Quantity(
                        name,
                        "percent of " + whole,
                        (account, reading) -> over(
                                numerator.evaluation().of(account, reading).multiply(HUNDRED),
                                denominator.evaluation().of(account, reading))));
    }

    private static BigDecimal over(BigDecimal value, BigDecimal divisor) {
        return value.divide(divisor, Ledger.DIGITS);
    }

    /**
     * log₂ of {@code ratio}: exact where the ratio is a power of two, else accurate to about 15 digits.
     *
     * @throws ArithmeticException if the ratio is not positive
     */
    static BigDecimal binaryLogarithm(BigDecimal ratio) {
        if (ratio.signum() <= 0) {
            throw new ArithmeticException("no logarithm of " + ratio.toPlainString());
        }
        int power = 0;
        BigDecimal rest = ratio;
        while (rest.compareTo(TWO) >= 0) {
            rest = over(rest, TWO);
            power++;
        }
        while (rest.compareTo(BigDecimal.ONE) < 0) {
            rest = rest.multiply(TWO);
            power--;
        }
        double fraction = Math.log(rest.doubleValue()) / Math.log(2);
        return BigDecimal.valueOf(power).add(BigDecimal.valueOf(fraction)).stripTrailingZeros();
    }
}
