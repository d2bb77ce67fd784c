/** Karaf commands of the scope {@code sim}. */
package org.postern.dccsimulator.internal.shell;
