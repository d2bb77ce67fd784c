/** The contract tests of every provider of a key vault; only for tests, not part of the distribution. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.postern.hsmcontract;
