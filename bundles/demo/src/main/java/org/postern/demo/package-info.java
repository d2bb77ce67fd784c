/** The driver behind {@code ./demo}: an appliance, a simulated DCC, and a supplier that uses all three interfaces. */
package org.postern.demo;
