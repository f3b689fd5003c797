package dev.flopscope.flops;

import dev.flopscope.count.MatmulSite;

/**
 * The closed form of the products at one site over a phase.
 *
 * @param site where
 * @param form the closed form; layers whose blocks are the same share it
 */
public record SiteAccount(MatmulSite site, ProductForm form) {}
