/** Loaded when something is deployed or retrieved: most commands never do, and it takes half a second to load. */
export const deployLibrary = () => import('@salesforce/source-deploy-retrieve');
