/** The verbs of {@code pac.jar}. They run outside OSGi, so the bundle can do without the library that reads options. */
package org.postern.parsecorrelate.cli;
