// peer.js MODELS THREADS: the inference workloads in onnxruntime, for bench/peers: reads lines `WORKLOAD WAY SECONDS`,
// answers each with a line.
//   run     session.run, as the documentation has it: a promise, by way of the event loop
//   direct  the native call behind it, without either: what onnxruntime itself takes, or nearly
'use strict'
const fs = require('fs')
const path = require('path')
const readline = require('readline')
const ort = require('onnxruntime-node')
const modules = path.dirname(require.resolve('onnxruntime-node/package.json'))
const { version } = require('onnxruntime-node/package.json')

const folder = process.argv[2]
const BATCHES = 8
const WINDOWS = 5
const options = {
    intraOpNumThreads: Number(process.argv[3]),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
}
const now = () => Number(process.hrtime.bigint()) * 1e-9
const sessions = {}

// A function that answers batch i, or null: it cannot be done that way.
async function prepare(name, way) {
    const file = path.join(folder, name + '.onnx')
    if (!fs.existsSync(file)) return null
    const rows = Number(name.slice(name.indexOf('infer') + 5))
    const feeds = []
    for (let batch = 0; batch < BATCHES; batch++) {
        const x = Float32Array.from({ length: rows * 784 }, () => Math.random() * 2 - 1)
        feeds.push({ x: new ort.Tensor('float32', x, [rows, 784]) })
    }
    if (way === 'run') {
        const session = await ort.InferenceSession.create(file, options)
        return (i) => session.run(feeds[i % BATCHES])
    }
    try {
        const { binding } = require(path.join(modules, 'dist/binding.js'))
        const session = new binding.InferenceSession()
        session.loadModel(file, options)
        const fetches = { y: new ort.Tensor('float32', new Float32Array(rows * 10), [rows, 10]) }
        session.run(feeds[0], fetches, {})
        if (!fetches.y.data.some((value) => value !== 0)) return null
        return (i) => session.run(feeds[i % BATCHES], fetches, {})
    } catch {
        return null // another version may have no such inside
    }
}

async function time(call, way, calls) {
    const start = now()
    if (way === 'run') for (let i = 0; i < calls; i++) await call(i)
    else for (let i = 0; i < calls; i++) call(i)
    return (now() - start) / calls
}

async function measure(call, way, seconds) {
    let calls = 10
    await time(call, way, calls)
    const about = await time(call, way, calls)
    calls = Math.max(1, Math.floor(seconds / WINDOWS / about))
    const windows = []
    for (let window = 0; window < WINDOWS; window++) windows.push(await time(call, way, calls))
    windows.sort((a, b) => a - b)
    return windows[Math.floor(WINDOWS / 2)] * 1e6
}

async function main() {
    await ort.InferenceSession.create(path.join(folder, 'digits_infer1.onnx'), options) // loads the library
    console.log(`contender=onnxruntime version=${version} ways=run,direct`)
    for await (const line of readline.createInterface({ input: process.stdin })) {
        const [name, way, seconds] = line.split(' ')
        const key = name + ' ' + way
        if (!(key in sessions)) sessions[key] = await prepare(name, way)
        const answer = sessions[key]
            ? 'us_per_step=' + (await measure(sessions[key], way, Number(seconds))).toPrecision(6)
            : 'absent=yes'
        console.log(`workload=${name} contender=onnxruntime-${way} ${answer}`)
    }
}

main().catch((error) => {
    console.error(String(error))
    process.exit(1)
})
