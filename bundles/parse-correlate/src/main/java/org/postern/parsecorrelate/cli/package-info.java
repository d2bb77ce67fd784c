/** The verbs of {@code pac.jar}. They run outside OSGi, so the bundle can do without the library that reads options. */
@Header(name = "Import-Package", value = "picocli.*;resolution:=optional, *")
package org.postern.parsecorrelate.cli;

import org.osgi.annotation.bundle.Header;
