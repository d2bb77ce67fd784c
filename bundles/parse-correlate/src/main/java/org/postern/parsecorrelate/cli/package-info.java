/** The commands of {@code pac.jar}. They run outside OSGi, so the bundle does not need the command-line library. */
package org.postern.parsecorrelate.cli;
