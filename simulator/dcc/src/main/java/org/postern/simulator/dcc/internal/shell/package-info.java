/** Karaf commands of the scope {@code sim}. */
package org.postern.simulator.dcc.internal.shell;
