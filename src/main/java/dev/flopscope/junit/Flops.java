package dev.flopscope.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Says how many FLOPs a test's products on ND4J have. The test fails if they are not just as many, or if an operation was
 * executed that may hold products and has no formula. Other tests must not run at the same time in the same process.
 *
 * <pre>{@code
 * @Test
 * @Flops(formula = "2*rows*in*out", where = {"rows=32", "in=784", "out=10"})
 * void forwardPass() {
 *     layer.activate(x);
 * }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ExtendWith(FlopsExtension.class)
public @interface Flops {
    /** How many; leave it out where there is a formula. */
    long expected() default -1;

    /** A formula over the sizes of {@link #where}, as {@code 2*rows*in*out}. */
    String formula() default "";

    /** The sizes that a formula names, each as {@code rows=32}. */
    String[] where() default {};

    /** Whether operations without a formula may be executed. */
    boolean allowUncounted() default false;
}
