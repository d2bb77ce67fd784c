/** Test support for the public types of the domain modules; never shipped. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.postern.testkitservices;
